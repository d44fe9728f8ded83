import type { Need, Service } from '../resolved.generated.ts'
import type { Context } from './context.ts'
import { names, time } from './figures.ts'
import { type Rule, refusal, warning } from './rule.ts'

/** Attempts that one request may grow to at the far end before it is a storm. */
const mostAttempts = 9

/** Rules on how long one waits for another, and how often one tries. */
export const timeoutRules: readonly Rule[] = [
  refusal({
    code: 'SW1530',
    title: 'Retries longer than the caller waits',
    meaning:
      'All attempts together may last longer than the timeout of the service itself, so the last of them are made for nobody.',
    *check({ having }) {
      for (const service of having.needs) {
        if (service.protocol === 'worker') continue
        const patience = patienceOf(service)
        for (const [index, need] of service.needs.entries()) {
          const longest = longestWait(need)
          if (longest <= patience.time) continue
          yield {
            path: ['services', service.name, 'needs', index, need.retries > 0 ? 'retries' : 'timeout'],
            message: `expected at most ${time(patience.time)} (${patience.of}) for all attempts on \`${need.on.name}\`, found ${time(longest)} (${need.retries + 1} × ${time(need.timeout)})`,
            hint: `set its timeout to ${time(Math.max(1, Math.floor(patience.time / (need.retries + 1))))}, or the timeout of ${service.name} to ${time(longest)}`,
          }
        }
      }
    },
  }),
  warning({
    code: 'SW2520',
    title: 'Waiting for an answer that nobody waits for',
    meaning:
      'A caller gives up on this service while the service itself still waits, or tries again, further down the chain.',
    *check({ dependents, having }) {
      for (const service of having.needs) {
        const callers = dependents.get(service.name)
        if (!callers) continue
        const hurried = callers.reduce((a, b) => (b.need.timeout < a.need.timeout ? b : a))
        for (const [index, need] of service.needs.entries()) {
          const longest = longestWait(need)
          if (longest <= hurried.need.timeout) continue
          yield {
            path: ['services', service.name, 'needs', index],
            message: `expected at most ${time(hurried.need.timeout)} for \`${need.on.name}\`, the time that ${hurried.service.name} waits for ${service.name}, found ${time(longest)}`,
            hint: `set its timeout to ${time(Math.max(1, Math.floor(hurried.need.timeout / (need.retries + 1))))}, or let ${hurried.service.name} wait ${time(longest)}`,
          }
        }
      }
    },
  }),
  warning({
    code: 'SW2521',
    title: 'Retry storm',
    meaning:
      'Each level of a chain of calls repeats the calls of the level above; when the last one fails, one request becomes this many.',
    *check(context) {
      // Where nobody retries there is nothing to multiply.
      if (!context.having.needs.some(({ needs }) => needs.some(({ retries }) => retries > 0))) return
      const attempts = amplification(context)
      for (const service of context.having.needs) {
        const before = attempts.get(service.name)
        if (!before) continue
        for (const [index, need] of service.needs.entries()) {
          const total = before.count * (need.retries + 1)
          if (need.retries === 0 || total <= mostAttempts) continue
          yield {
            path: ['services', service.name, 'needs', index, 'retries'],
            message: `expected at most ${mostAttempts} attempts on \`${need.on.name}\` for one request, found ${total} (through ${names([...before.chain, service.name], 6)})`,
            hint: 'retry at one level only, best nearest to the client, and set `retries: 0` on the others',
          }
        }
      }
    },
  }),
]

/** Longest time, ms, that all attempts on a need may take; volumes and jobs are not called. */
function longestWait(need: Need): number {
  return need.on.kind === 'volume' || need.on.kind === 'job' ? 0 : need.timeout * (need.retries + 1)
}

/** How long the gateway waits for a service, on the most patient of its routes. */
function patienceOf({ timeout, routes }: Service): { readonly time: number; readonly of: string } {
  const routed = routes.map((route) => route.timeout ?? timeout)
  const longest = Math.max(timeout, ...routed)
  return { time: longest, of: longest > timeout ? 'the longest timeout of its routes' : 'its timeout' }
}

interface Attempts {
  readonly count: number
  /** Services that repeat, from the gateway on. */
  readonly chain: readonly string[]
}

/** How many calls of each service one request from outside may become; cycles are left to their own rule. */
function amplification({ services, fleet, dependents }: Context): ReadonlyMap<string, Attempts> {
  const known = new Map<string, Attempts>()
  const open = new Set<string>()
  const visit = (service: Service): Attempts => {
    const found = known.get(service.name)
    if (found) return found
    open.add(service.name)
    let worst: Attempts =
      service.routes.length > 0 ? { count: service.retries + 1, chain: [] } : { count: 1, chain: [] }
    for (const { service: caller, need } of dependents.get(service.name) ?? []) {
      if (open.has(caller.name) || !fleet.services[caller.name]) continue
      const before = visit(caller)
      const count = before.count * (need.retries + 1)
      if (count > worst.count) worst = { count, chain: [...before.chain, caller.name] }
    }
    open.delete(service.name)
    known.set(service.name, worst)
    return worst
  }
  for (const service of services) visit(service)
  return known
}
