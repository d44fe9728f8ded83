import { setTimeout as wait } from 'node:timers/promises'
import type { GatewayStatus } from '@seaworthy/gateway'
import { integerBelow, type Policy, whileDisturbed } from '@seaworthy/proof'
import { GatewayFleet } from '../gateway-fleet.ts'
import type { Subject, SubjectKind } from '../subject.ts'

const killReplica = 'kill a replica (SIGKILL)'
const killWorker = 'kill a gateway worker (SIGKILL)'

/** What a killed process had is known to be lost within this time after it was gone, ms. */
const withinMs = 1000

/** What a gateway cannot promise when a process dies with requests in it. */
const policies: readonly Policy[] = [
  whileDisturbed({
    name: 'a POST in flight to a replica that was killed is answered 502: nobody knows whether it was done, so nobody may repeat it',
    by: [killReplica],
    findings: ['server error'],
    idempotent: false,
    detail: /^status 502/,
    withinMs,
  }),
  whileDisturbed({
    name: 'a connection to a gateway worker that was killed is gone, and a POST in flight on it cannot be repeated',
    by: [killWorker],
    findings: ['lost'],
    idempotent: false,
    detail: /^(closed|reset) (before|during) answer|^truncated/,
    withinMs,
  }),
  whileDisturbed({
    name: 'a stream through a process that was killed is cut; its client comes back',
    by: [killReplica, killWorker],
    findings: ['cut'],
    traffic: ['websocket', 'events'],
    withinMs,
  }),
]

/** The gateway alone, with replicas of the test service behind it. */
export const gateway: SubjectKind = {
  name: 'gateway',
  what: 'the gateway, two workers, in front of replicas that are swapped, killed and stopped',
  expected: { kind: 'clean' },
  control: false,
  start: async (directory): Promise<Subject> => {
    const fleet = await GatewayFleet.start(directory)
    const workers = async (): Promise<readonly number[]> =>
      (await fleet.gateway.status()).workers.filter(({ state }) => state === 'active').map(({ pid }) => pid)
    return {
      url: fleet.url,
      ledger: fleet.ledger,
      resend: 'idempotent',
      policies,
      disturbances: [
        { name: 'swap versions (blue-green)', weight: 3, run: () => fleet.swap() },
        {
          name: killReplica,
          weight: 2,
          run: async ({ random, harmed }) => {
            const victim = fleet.ready[integerBelow(random, fleet.ready.length)]
            if (victim) await fleet.kill(victim, harmed)
          },
        },
        {
          name: 'stop a replica for up to 600 ms (SIGSTOP)',
          weight: 2,
          run: async ({ random }) => {
            const victim = fleet.ready[integerBelow(random, fleet.ready.length)]
            victim?.process.signal('SIGSTOP')
            await wait(random() * 600)
            victim?.process.signal('SIGCONT')
          },
        },
        {
          name: 'have no replica in rotation for a while',
          run: async ({ random }) => {
            const all = [...fleet.ready]
            for (const replica of all) replica.state = 'draining'
            await fleet.publish()
            await wait(random() * 500)
            for (const replica of all) replica.state = 'ready'
            await fleet.publish()
          },
        },
        {
          name: killWorker,
          weight: 2,
          run: async ({ random, harmed }) => {
            const pids = await until('a worker to kill', workers, (list) => list.length > 0)
            const pid = pids[integerBelow(random, pids.length)] ?? 0
            process.kill(pid, 'SIGKILL')
            await until('the killed worker to be gone', workers, (list) => !list.includes(pid))
            harmed()
            await until('the killed worker to be replaced', workers, (list) => list.length >= 2)
          },
        },
        { name: 'upgrade the gateway', run: () => fleet.gateway.upgrade() },
        {
          name: "kill the gateway's holder (SIGKILL)",
          run: async () => {
            const { pid } = await fleet.gateway.status()
            process.kill(pid, 'SIGKILL')
            const status = (): Promise<GatewayStatus | undefined> => fleet.gateway.status().catch(() => undefined)
            await until('the holder to be replaced', status, (one) => one?.ready === true && one.pid !== pid)
          },
        },
      ],
      [Symbol.asyncDispose]: () => fleet[Symbol.asyncDispose](),
    }
  },
}

/** Looks every 20 ms until what is found is right; throws after 30 s. */
async function until<T>(what: string, look: () => Promise<T>, right: (found: T) => boolean): Promise<T> {
  const end = performance.now() + 30_000
  for (;;) {
    const found = await look()
    if (right(found)) return found
    if (performance.now() > end) throw new Error(`waited 30 s for ${what}, found ${JSON.stringify(found)}`)
    await wait(20)
  }
}
