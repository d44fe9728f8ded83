import { statSync } from 'node:fs'
import { fleet, resolve, secret, service } from '@seaworthy/model'
import { describe, expect, it } from 'vitest'
import { applied, testFleet, testJob, testService } from '../conformance/rig.ts'
import { isRoot, type MachineRig, machineRig } from './testing/machine-rig.ts'

/** What a job printed. */
async function printed(rig: MachineRig, job: string): Promise<readonly string[]> {
  return (await rig.engine.logs({ service: job })).map(({ text }) => text)
}

describe('what cannot be started says why', () => {
  it.each([
    ['a command that is not there', { run: 'nodee main.js' }, /SW4012.*`nodee`/s],
    ['a working directory that is not there', { cwd: 'nowhere' }, /SW4014.*nowhere/s],
    ['a user that is not there', { user: 'nobody-at-all' }, /SW4016.*nobody-at-all/s],
  ] as const)('%s', async (_, spec, expected) => {
    await using rig = await machineRig()
    const last = (await applied(rig.engine, testFleet([testService(rig, 'api', spec)]))).at(-1)
    expect(last?.kind).toBe('stuck')
    expect(last?.kind === 'stuck' ? last.reasons.join('\n') : '').toMatch(expected)
  })

  it('an image without a container runtime', async () => {
    await using rig = await machineRig({ env: { PATH: '/nowhere' } })
    const document = fleet('images', { services: [service('web', { image: 'nginx:1.27', port: 80 })] })
    const last = (await applied(rig.engine, resolve(document, 'development'))).at(-1)
    expect(last?.kind === 'stuck' ? last.reasons.join('\n') : '').toMatch(/SW4034.*podman/s)
  })

  it('a secret without a value', async () => {
    await using rig = await machineRig({ env: { PATH: process.env.PATH } })
    const key = secret('api-key')
    const last = (await applied(rig.engine, testFleet([testService(rig, 'api', { env: { KEY: key } })]))).at(-1)
    expect(last?.kind === 'stuck' ? last.reasons.join('\n') : '').toMatch(/SW4015.*API_KEY/s)
  })
})

describe('secrets', () => {
  const value = 'correct-horse-battery-staple'

  it('reach a program as a value or as a file that only it can read', async () => {
    await using rig = await machineRig({ env: { PATH: process.env.PATH, API_KEY: value } })
    const key = secret('api-key')
    const code =
      'const fs = require("fs"); const file = process.env.TOKEN_FILE; console.log(process.env.KEY.length, fs.readFileSync(file, "utf8").length, (fs.statSync(file).mode & 0o777).toString(8), process.env.TOKEN)'
    const reader = testJob(rig, 'reader', code, { env: { KEY: key, TOKEN: { secret: key, as: 'file' } } })
    await applied(rig.engine, testFleet([], [reader]))
    expect(await printed(rig, 'reader')).toEqual([`${value.length} ${value.length} 400 undefined`])
  })

  it('are nowhere to be seen: logs, state, crash output', async () => {
    await using rig = await machineRig({ env: { PATH: process.env.PATH, API_KEY: value } })
    const key = secret('api-key')
    const leaky = testJob(rig, 'leaky', 'console.error("Error: bad key " + process.env.KEY); process.exit(1)', {
      env: { KEY: key },
    })
    const events = await applied(rig.engine, testFleet([testService(rig, 'api', { env: { KEY: key } })], [leaky]))
    expect(await printed(rig, 'leaky')).toEqual(['Error: bad key ••••'])
    const seen = JSON.stringify([
      events,
      await rig.engine.state(),
      await rig.engine.logs({ service: '' }),
      rig.engine.transitions(100),
    ])
    expect(seen).toContain('bad key ••••')
    expect(seen).not.toContain(value)
  })
})

describe.skipIf(!isRoot)('least privilege (needs root on Linux)', () => {
  it('runs programs as another user, without new privileges or capabilities', async () => {
    await using rig = await machineRig()
    // A folder that everybody can read, with a program that everybody can run.
    const open = testJob(rig, 'open', '', {
      run: [
        '/usr/bin/env',
        'sh',
        '-c',
        'id -u; grep -c "NoNewPrivs:.1" /proc/self/status; grep CapBnd /proc/self/status',
      ],
      cwd: '/',
    })
    await applied(rig.engine, testFleet([], [open]))
    const [uid, noNewPrivileges, capabilities] = await printed(rig, 'open')
    expect(Number(uid)).toBeGreaterThan(0)
    expect(noNewPrivileges).toBe('1')
    expect(capabilities).toMatch(/CapBnd:\s*0+$/)
  })

  it('keeps the state directory closed to others', async () => {
    await using rig = await machineRig()
    expect((statSync(rig.stateDir).mode & 0o777).toString(8)).toBe('711')
  })
})

describe.skipIf(!isRoot)('limits (need root and control groups)', () => {
  it('kill the program that takes more memory than it may, alone, and say so', async ({ skip }) => {
    await using rig = await machineRig()
    if ((await rig.engine.state()).limitations.some(({ what }) => what.includes('memory')))
      return skip('no memory controller here')
    const code = 'const kept = []; setInterval(() => kept.push(Buffer.alloc(8 << 20, 1)), 5)'
    const hungry = testJob(rig, 'hungry', code, { memory: '128Mi' })
    await applied(rig.engine, testFleet([testService(rig, 'api')], [hungry]))
    const { jobs, replicas } = await rig.engine.state()
    expect(jobs).toMatchObject([{ phase: 'failed', reason: 'memory limit 128 MiB reached' }])
    expect(replicas).toMatchObject([{ phase: 'ready', restarts: 0 }])
  })

  it('bound the number of processes', async ({ skip }) => {
    await using rig = await machineRig()
    if ((await rig.engine.state()).limitations.some(({ what }) => what.includes('process')))
      return skip('no pids controller here')
    const forks = testJob(rig, 'forks', '', {
      run: ['sh', '-c', 'for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 1 & done; echo all'],
      pids: 8,
    })
    await applied(rig.engine, testFleet([], [forks]))
    expect((await printed(rig, 'forks')).join()).toMatch(/fork|Resource temporarily unavailable/i)
  })
})
