import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DisturbanceRecord } from './disturbances.ts'
import { type ClientLedger, Ledger } from './ledger.ts'
import { type Account, reconcile } from './ledger-account.ts'
import { formatAccount } from './ledger-account-text.ts'
import { readLedgerFile } from './ledger-file.ts'
import { type Policy, whileDisturbed } from './ledger-policy.ts'

let directory = ''
let file = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ledger-'))
  file = join(directory, 'ledger')
  appendFileSync(file, '')
})
afterEach(() => rmSync(directory, { recursive: true }))

const apply = (id: string): void => appendFileSync(file, `${id}\thttp\tv1\t1\n`)

async function account(
  ledger: Ledger,
  policies: readonly Policy[] = [],
  disturbances: readonly DisturbanceRecord[] = [],
): Promise<Account> {
  const counts = await readLedgerFile(file, ledger)
  return reconcile({
    ledger,
    file: counts,
    policies,
    disturbances,
    plannedDisturbances: disturbances.length,
    client: { busy: 0, stalledMs: 0 },
    elapsedMs: 1000,
  })
}

/** A ledger with one client that sent `n` requests which were all answered and applied once. */
function proper(n: number, idempotent = false): { readonly ledger: Ledger; readonly client: ClientLedger } {
  rmSync(file, { force: true })
  const ledger = new Ledger('r1')
  const client = ledger.client({ name: 'a', traffic: 'request', idempotent })
  for (let k = 0; k < n; k += 1) {
    client.answer(client.next(k), k + 1)
    apply(client.idOf(k))
  }
  return { ledger, client }
}

describe('ledger', () => {
  it('is clean when every id was answered once and applied once', async () => {
    expect(await account(proper(5000).ledger)).toMatchObject({
      clean: true,
      sent: 5000,
      answeredOnce: 5000,
      violationCounts: {},
    })
  })

  it('is not clean when nothing was sent, or when not all that was planned was done', async () => {
    expect((await account(new Ledger('r1'))).clean).toBe(false)
    const { ledger } = proper(1)
    const counts = await readLedgerFile(file, ledger)
    expect(
      reconcile({
        ledger,
        file: counts,
        policies: [],
        disturbances: [],
        plannedDisturbances: 1,
        client: { busy: 0, stalledMs: 0 },
        elapsedMs: 1,
      }).clean,
    ).toBe(false)
  })

  it.each<[string, (client: ClientLedger) => void]>([
    ['answered twice', (client) => client.answer(3, 9)],
    ['applied twice', (client) => apply(client.idOf(3))],
    ['not applied', (client) => client.answer(client.next(7), 9)],
    ['lost', (client) => client.fail(client.next(7), 'lost', 7, 9, 'timeout')],
    ['lost', (client) => void client.next(7)],
    ['server error', (client) => client.fail(client.next(7), 'server error', 7, 9, 'status 502')],
  ])('finds one "%s" among many that are right', async (kind, disturb) => {
    const { ledger, client } = proper(10)
    disturb(client)
    const result = await account(ledger)
    expect(result.clean).toBe(false)
    expect(result.violationCounts).toEqual({ [kind]: 1 })
    expect(formatAccount('x', result)).toMatch(new RegExp(`NOT clean[\\s\\S]*1 ${kind}`))
  })

  it('does not find what was sent, lost its answer and was applied: that is one loss, not two', async () => {
    const { ledger, client } = proper(1)
    const n = client.next(5)
    apply(client.idOf(n))
    client.fail(n, 'lost', 5, 6, 'reset')
    expect((await account(ledger)).violationCounts).toEqual({ lost: 1 })
  })

  it('lets an idempotent request be applied again, and any as often as its client sent it', async () => {
    const safe = proper(2, true)
    apply(safe.client.idOf(0))
    expect(await account(safe.ledger)).toMatchObject({ clean: true, clients: [{ appliedAgain: 1, appliedOnce: 1 }] })
    const resent = proper(2)
    resent.client.sendAgain(1)
    apply(resent.client.idOf(1))
    expect(await account(resent.ledger)).toMatchObject({ clean: true, clients: [{ resent: 1, appliedAgain: 1 }] })
    apply(resent.client.idOf(1))
    expect((await account(resent.ledger)).violationCounts).toEqual({ 'applied twice': 1 })
  })

  it('tells lines of this run from those of others and from one that a kill tore', async () => {
    const { ledger } = proper(3)
    appendFileSync(file, 'r0.a.1\thttp\tv1\t1\nr1.b.1\thttp\tv1\t1\nr1.a.99\thttp\tv1\t1\nr1.a.')
    expect(await readLedgerFile(file, ledger)).toEqual({ matched: 3, foreign: 3, torn: 1 })
  })

  it('keeps counts and times of many ids apart', () => {
    const client = new Ledger('r').client({ name: 'many', traffic: 'request', idempotent: true })
    for (let k = 0; k < 10_000; k += 1) client.next(k)
    client.answer(9_999, 10_500)
    client.answer(1023, 2000)
    expect(client.standing(9_999)).toEqual({ answers: 1, sends: 1, applied: 0, failed: false, from: 9_999, to: 10_500 })
    expect(client.standing(1023)).toMatchObject({ answers: 1, from: 1023, to: 2000 })
    expect(client.standing(1024)).toMatchObject({ answers: 0, from: 1024, to: 1024 })
    expect([
      client.numberOf('r.many.12'),
      client.numberOf('r.many.10000'),
      client.numberOf('r.many.x'),
      client.numberOf('q.many.1'),
    ]).toEqual([12, undefined, undefined, undefined])
  })

  it('refuses a name twice', () => {
    const ledger = new Ledger('r')
    ledger.client({ name: 'a', traffic: 'request', idempotent: true })
    expect(() => ledger.client({ name: 'a', traffic: 'upload', idempotent: true })).toThrow(/taken/)
    expect(() => ledger.client({ name: 'a.b', traffic: 'upload', idempotent: true })).toThrow(/plain/)
  })
})

describe('policies', () => {
  const policy = whileDisturbed({
    name: 'a POST in flight to a replica that is killed',
    by: ['kill a replica'],
    findings: ['server error'],
    idempotent: false,
    detail: /status 502/,
    afterMs: 100,
  })
  const killed: DisturbanceRecord[] = [{ name: 'kill a replica', from: 500, to: 600 }]
  const failing = (
    from: number,
    to: number,
    kind: 'lost' | 'server error' = 'server error',
    detail = 'status 502: x',
  ): Ledger => {
    const { ledger, client } = proper(1)
    client.fail(client.next(from), kind, from, to, detail)
    return ledger
  }

  it('explain a finding only while the disturbance that they name was at work', async () => {
    expect(await account(failing(450, 520), [policy], killed)).toMatchObject({
      clean: true,
      explained: { [policy.name]: 1 },
    })
    expect(await account(failing(100, 700), [policy], killed)).toMatchObject({ clean: true })
    expect((await account(failing(690, 701), [policy], killed)).clean).toBe(false)
    expect((await account(failing(100, 499), [policy], killed)).clean).toBe(false)
    expect((await account(failing(450, 520), [policy], [{ name: 'swap', from: 500, to: 600 }])).clean).toBe(false)
  })

  it('explain no longer than the harm lasts, where that is shorter than the disturbance', async () => {
    const shortly = whileDisturbed({ name: 'x', by: ['kill a replica'], findings: ['server error'], withinMs: 50 })
    expect((await account(failing(450, 550), [shortly], killed)).clean).toBe(true)
    expect((await account(failing(450, 551), [shortly], killed)).clean).toBe(false)
    const noted = killed.map((one) => ({ ...one, harmedAt: 530 }))
    expect((await account(failing(450, 580), [shortly], noted)).clean).toBe(true)
    expect((await account(failing(450, 581), [shortly], noted)).clean).toBe(false)
  })

  it('explain nothing of another kind or with another detail', async () => {
    expect((await account(failing(450, 520, 'lost'), [policy], killed)).clean).toBe(false)
    expect((await account(failing(450, 520, 'server error', 'status 500: x'), [policy], killed)).clean).toBe(false)
  })
})
