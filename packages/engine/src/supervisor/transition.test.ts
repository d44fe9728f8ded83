import { describe, expect, it } from 'vitest'
import { backoff, defaultRestartPolicy } from './backoff.ts'
import { beginHealth } from './health.ts'
import type { ProbePlan } from './probe-track.ts'
import type { ReplicaEvent, ReplicaPolicy } from './replica-event.ts'
import type { Phase, Replica, ReplicaState } from './replica-state.ts'
import { advance } from './transition.ts'

const now = 100_000
const process = { pid: 42, startTime: '7' }
const probe: ProbePlan = {
  question: { kind: 'tcp', port: 0 },
  every: 1000,
  timeout: 500,
  failures: 2,
  successes: 1,
  delay: 0,
}
const policy: ReplicaPolicy = {
  health: { ready: probe, live: probe, liveAfterReady: true, settle: 250 },
  restart: { ...defaultRestartPolicy, jitter: 0 },
  routed: true,
  drain: 5000,
  grace: 8000,
}
const health = beginHealth(policy.health, now)
const ending = { process, since: now, next: 'remove', why: 'no longer wanted' } as const

const states: Readonly<Record<Phase, ReplicaState>> = {
  waiting: { phase: 'waiting', since: now },
  launching: { phase: 'launching', since: now },
  starting: { phase: 'starting', since: now, process, health },
  ready: { phase: 'ready', since: now, process, health: { ...health, wasReady: true } },
  unready: { phase: 'unready', since: now, process, health: { ...health, wasReady: true }, why: 'GET / answered 503' },
  draining: { phase: 'draining', ...ending, until: now + 5000 },
  stopping: { phase: 'stopping', ...ending, until: now + 8000 },
  killing: { phase: 'killing', ...ending, until: now + 500 },
  backoff: { phase: 'backoff', since: now, until: now + 100, exit: { code: 1 }, why: 'exit 1' },
  'crash-looping': { phase: 'crash-looping', since: now, until: now + 1600, exit: { code: 1 }, why: 'exit 1' },
  failed: { phase: 'failed', since: now, why: 'no such command' },
  gone: { phase: 'gone', since: now },
}

const events = {
  start: { kind: 'start' },
  launched: { kind: 'launched', process, address: '127.0.0.1:1' },
  'launch fails': { kind: 'launch-failed', why: 'EAGAIN', final: false },
  'launch cannot work': { kind: 'launch-failed', why: 'no such command', final: true },
  'leader ends, group empty': { kind: 'exited', exit: { code: 1 }, empty: true },
  'leader ends, children stay': { kind: 'exited', exit: { code: 1 }, empty: false },
  emptied: { kind: 'emptied' },
  drained: { kind: 'drained' },
  remove: { kind: 'stop', why: 'no longer wanted', next: 'remove' },
  relaunch: { kind: 'stop', why: 'a secret changed', next: 'relaunch' },
  kill: { kind: 'kill', why: 'at once', next: 'remove' },
  'time passes': { kind: 'tick' },
} as const satisfies Readonly<Record<string, ReplicaEvent>>

function step(state: ReplicaState, event: ReplicaEvent, at = now, failures = 0): ReturnType<typeof advance> {
  const counts = { restarts: 0, outOfMemory: 0, hangs: 0, failedStarts: 0, failures }
  const replica: Replica = { id: 'api-v1-0', unit: 'api@v1', slot: 0, ...counts, state }
  return advance(replica, event, policy, { now: at, random: () => 0.5, nextId: () => 1 })
}

/** Every transition there is: from, event, to, what is done. What is not listed changes nothing. */
const table: readonly (readonly [Phase, keyof typeof events, Phase, string])[] = [
  ['waiting', 'start', 'launching', 'launch'],
  ['waiting', 'remove', 'gone', ''],
  ['waiting', 'kill', 'gone', ''],
  ['launching', 'launched', 'starting', 'probe'],
  ['launching', 'launch fails', 'backoff', ''],
  ['launching', 'launch cannot work', 'failed', ''],
  ['launching', 'remove', 'launching', ''],
  ['launching', 'kill', 'launching', ''],
  ['starting', 'leader ends, group empty', 'backoff', ''],
  ['starting', 'leader ends, children stay', 'killing', 'kill'],
  ['starting', 'remove', 'stopping', 'ask-to-stop'],
  ['starting', 'relaunch', 'stopping', 'ask-to-stop'],
  ['starting', 'kill', 'killing', 'kill'],
  ['starting', 'time passes', 'starting', 'probe'],
  ['ready', 'leader ends, group empty', 'backoff', ''],
  ['ready', 'leader ends, children stay', 'killing', 'kill'],
  ['ready', 'remove', 'draining', ''],
  ['ready', 'relaunch', 'draining', ''],
  ['ready', 'kill', 'killing', 'kill'],
  ['ready', 'time passes', 'ready', 'probe'],
  ['unready', 'leader ends, group empty', 'backoff', ''],
  ['unready', 'leader ends, children stay', 'killing', 'kill'],
  ['unready', 'remove', 'draining', ''],
  ['unready', 'relaunch', 'draining', ''],
  ['unready', 'kill', 'killing', 'kill'],
  ['unready', 'time passes', 'unready', 'probe'],
  ['draining', 'leader ends, group empty', 'gone', ''],
  ['draining', 'leader ends, children stay', 'killing', 'kill'],
  ['draining', 'drained', 'stopping', 'ask-to-stop'],
  ['draining', 'remove', 'draining', ''],
  ['draining', 'kill', 'killing', 'kill'],
  ['stopping', 'leader ends, group empty', 'gone', ''],
  ['stopping', 'leader ends, children stay', 'stopping', ''],
  ['stopping', 'emptied', 'gone', ''],
  ['stopping', 'remove', 'stopping', ''],
  ['stopping', 'kill', 'killing', 'kill'],
  ['killing', 'leader ends, group empty', 'gone', ''],
  ['killing', 'leader ends, children stay', 'killing', ''],
  ['killing', 'emptied', 'gone', ''],
  ['killing', 'remove', 'killing', ''],
  ['killing', 'kill', 'killing', ''],
  ['backoff', 'remove', 'gone', ''],
  ['backoff', 'relaunch', 'waiting', ''],
  ['backoff', 'kill', 'gone', ''],
  ['crash-looping', 'remove', 'gone', ''],
  ['crash-looping', 'relaunch', 'waiting', ''],
  ['crash-looping', 'kill', 'gone', ''],
  ['failed', 'remove', 'gone', ''],
  ['failed', 'relaunch', 'waiting', ''],
  ['failed', 'kill', 'gone', ''],
]

describe('a replica', () => {
  it.each(table)('%s: %s → %s (%s)', (from, event, to, effects) => {
    const next = step(states[from], events[event])
    expect(next.replica.state.phase).toBe(to)
    expect(next.effects.map(({ kind }) => kind).join()).toBe(effects)
  })

  it('is changed by nothing else', () => {
    const listed = new Set(table.map(([from, event]) => `${from} ${event}`))
    for (const phase of Object.keys(states) as Phase[]) {
      for (const event of Object.keys(events) as (keyof typeof events)[]) {
        if (listed.has(`${phase} ${event}`)) continue
        const next = step(states[phase], events[event])
        expect([phase, event, next.replica.state, next.effects]).toEqual([phase, event, states[phase], []])
      }
    }
  })

  it.each([
    ['draining', now + 5000, 'stopping', 'ask-to-stop'],
    ['stopping', now + 8000, 'killing', 'kill'],
    ['killing', now + 500, 'killing', 'kill'],
    ['backoff', now + 100, 'waiting', ''],
    ['crash-looping', now + 1600, 'waiting', ''],
  ] as const)('that is %s goes on when its time is over', (phase, at, to, effects) => {
    expect(step(states[phase], events['time passes'], at - 1).replica.state.phase).toBe(phase)
    const next = step(states[phase], events['time passes'], at)
    expect([next.replica.state.phase, next.effects.map(({ kind }) => kind).join()]).toEqual([to, effects])
  })

  it('that was told to end while it was being launched ends as soon as it runs', () => {
    const doomed = step(states.launching, events.remove).replica.state
    const next = step(doomed, events.launched)
    expect([next.replica.state.phase, next.effects.map(({ kind }) => kind)]).toEqual(['stopping', ['ask-to-stop']])
  })

  it('waits twice as long after each failure, is called crash-looping after five, and is forgiven after a good run', () => {
    const fail = (failures: number, at = now) =>
      step(states.ready, events['leader ends, group empty'], at, failures).replica
    expect(
      [0, 1, 2, 3].map((failures) => fail(failures).state).map((state) => 'until' in state && state.until - now),
    ).toEqual([100, 200, 400, 800])
    expect(fail(4).state.phase).toBe('crash-looping')
    expect(fail(30).state).toMatchObject({ until: now + 30_000 })
    expect(fail(4, now + 60_000)).toMatchObject({ failures: 1, state: { phase: 'backoff' } })
  })

  it('varies its waits by chance, within the given share', () => {
    const rule = { ...defaultRestartPolicy, jitter: 0.2 }
    expect([0, 0.5, 0.999].map((random) => Math.round(backoff(rule, 1, random)))).toEqual([80, 100, 120])
  })
})
