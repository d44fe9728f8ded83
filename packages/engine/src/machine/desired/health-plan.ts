import type { Probe, Service } from '@seaworthy/model'
import type { HealthPlan } from '../../supervisor/health.ts'
import type { ProbePlan, Question } from '../../supervisor/probe-track.ts'
import { commandWords } from '../process/command.ts'

/** ms that a program without port and probes must run before it counts as ready. */
const settleMs = 250

/** Timings where the catalog names no probe. */
const standard = { every: 10_000, timeout: 2000, failures: 3, successes: 1, delay: 0 }

/**
 * What replicas of a service are asked. Without probes: ready when the port accepts; alive while the program answers
 * at all (a stopped or stuck one still accepts connections: the kernel does that), asked only once it has been ready.
 */
export function healthPlan(spec: Service): HealthPlan {
  const { startup, ready, live } = spec.health
  const speaksHttp = ['http', 'ws', 'sse'].includes(spec.protocol) && spec.port !== undefined
  const plan = (probe: Probe): ProbePlan => ({ ...timing(probe), question: question(probe, spec.port) })
  const alive: Question = speaksHttp ? { kind: 'answers' } : { kind: 'tcp', port: 0 }
  const bare = live === undefined || (live.tcp !== undefined && live.tcp === spec.port && speaksHttp)
  return {
    settle: settleMs,
    liveAfterReady: live === undefined,
    ...(startup && { startup: plan(startup) }),
    ...(ready
      ? { ready: plan(ready) }
      : spec.port !== undefined && { ready: { ...standard, question: { kind: 'tcp', port: 0 } } }),
    ...(live && !bare
      ? { live: plan(live) }
      : spec.port !== undefined && { live: { ...(live ? timing(live) : standard), question: alive } }),
  }
}

function timing({ every, timeout, failures, successes, delay }: Probe): Omit<ProbePlan, 'question'> {
  return { every, timeout, failures, successes, delay }
}

function question(probe: Probe, port: number | undefined): Question {
  if (probe.http !== undefined) return { kind: 'http', path: probe.http }
  if (probe.exec !== undefined) return { kind: 'exec', command: commandWords(probe.exec) }
  return { kind: 'tcp', port: probe.tcp === undefined || probe.tcp === port ? 0 : probe.tcp }
}
