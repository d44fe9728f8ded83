import { setTimeout as wait } from 'node:timers/promises'
import { integerBelow, type Policy, whileDisturbed } from '@seaworthy/proof'
import { GatewayFleet } from '../gateway-fleet.ts'
import type { Subject, SubjectKind } from '../subject.ts'

const killReplica = 'kill a replica (SIGKILL)'
const killWorker = 'kill a gateway worker (SIGKILL)'

/** A killed process is gone, and its connections with it, within this time of the kill, ms; on a machine with much to do it takes its time. */
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
          run: async ({ random }) => {
            const victim = fleet.ready[integerBelow(random, fleet.ready.length)]
            if (victim) await fleet.kill(victim)
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
          run: async ({ random }) => {
            const pids = await workers()
            const pid = pids[integerBelow(random, pids.length)]
            if (pid === undefined) throw new Error('the gateway has no worker to kill')
            process.kill(pid, 'SIGKILL')
            const end = performance.now() + 30_000
            while ((await workers()).filter((one) => one !== pid).length < 2) {
              if (performance.now() > end) throw new Error('the killed worker was not replaced within 30 s')
              await wait(20)
            }
          },
        },
        { name: 'upgrade the gateway', run: () => fleet.gateway.upgrade() },
        {
          name: "kill the gateway's holder (SIGKILL)",
          run: async () => {
            const { pid } = await fleet.gateway.status()
            process.kill(pid, 'SIGKILL')
            const end = performance.now() + 30_000
            for (;;) {
              const status = await fleet.gateway.status().catch(() => undefined)
              if (status?.ready && status.pid !== pid) return
              if (performance.now() > end) throw new Error("the gateway's holder was not replaced within 30 s")
              await wait(20)
            }
          },
        },
      ],
      [Symbol.asyncDispose]: () => fleet[Symbol.asyncDispose](),
    }
  },
}
