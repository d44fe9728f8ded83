import type { PathStep } from '../catalog-path.ts'
import type { Health, Probe, Service } from '../resolved.generated.ts'
import type { Context } from './context.ts'
import { time } from './figures.ts'
import { type Rule, refusal, warning } from './rule.ts'

/** Rules on how replicas say how they are, and how they end. */
export const probeRules: readonly Rule[] = [
  refusal({
    code: 'SW1701',
    title: 'Probe that asks nothing, or two things',
    meaning: 'A probe is one HTTP request, one connection or one command.',
    *check(context) {
      for (const { probe, service, key } of probesOf(context)) {
        const ways = (['http', 'tcp', 'exec'] as const).filter((way) => probe[way] !== undefined)
        if (ways.length === 1) continue
        yield {
          path: pathOf(service, key),
          message: `expected exactly one of \`http\`, \`tcp\` and \`exec\`, found ${ways.length === 0 ? 'none' : ways.join(' and ')}`,
          hint: "write `{ http: '/health/ready' }`, `{ tcp: 5432 }` or `{ exec: 'node health.ts' }`",
        }
      }
    },
  }),
  refusal({
    code: 'SW1702',
    title: 'Probe timeout not below its period',
    meaning: 'The next probe is due before the last one has failed, so failures are counted late or overlap.',
    *check(context) {
      for (const { probe, service, key } of probesOf(context)) {
        if (probe.timeout < probe.every) continue
        yield {
          path: [...pathOf(service, key), 'timeout'],
          message: `expected less than ${time(probe.every)} (\`every\`), found ${time(probe.timeout)}`,
          hint: `set timeout to ${time(Math.max(1, Math.floor(probe.every / 2)))}, or every to ${time(probe.timeout * 2)}`,
        }
      }
    },
  }),
  refusal({
    code: 'SW1703',
    title: 'Liveness that equals readiness',
    meaning:
      'Readiness looks at what the service needs; when that fails, liveness restarts every replica, which mends nothing and loses the requests in flight.',
    *check({ having }) {
      for (const { name, health, needs } of having.health) {
        const { live, ready } = health
        if (!live || !ready || needs.length === 0 || question(live) !== question(ready)) continue
        yield {
          path: ['services', name, 'health', 'live'],
          message: `expected liveness to ask something that does not look at ${needs.map(({ on }) => on.name).join(', ')}, found the question of readiness: ${question(live)}`,
          hint: 'answer liveness from the process alone, such as `/health/live`, or take `live` away: then an accepted connection is enough',
        }
      }
    },
  }),
  refusal({
    code: 'SW1704',
    title: 'Probe of a port that the service does not have',
    meaning: 'The probe asks a port on which nothing listens, so it can only fail.',
    *check(context) {
      for (const { probe, service, key } of probesOf(context)) {
        const ports = [service.port, ...Object.values(service.ports).map(({ port }) => port), service.hostPort]
        if (probe.tcp !== undefined && !ports.includes(probe.tcp)) {
          const known = ports.filter((port) => port !== undefined)
          yield {
            path: [...pathOf(service, key), 'tcp'],
            message: `expected a port of the service (${known.join(', ') || 'it has none'}), found ${probe.tcp}`,
            hint: known.length > 0 ? `set tcp to ${known[0]}` : 'use `exec`, or give the service a `port`',
          }
        }
        if (probe.http !== undefined && service.port === undefined) {
          yield {
            path: [...pathOf(service, key), 'http'],
            message: `expected a port to ask ${probe.http} on, found none`,
            hint: 'add `port: 3000`, or use `exec`',
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1705',
    title: 'Start-up longer than the release waits',
    meaning:
      'A replica may take longer to start than one step of a release lasts, so a release of it can reach its deadline with nothing wrong.',
    *check({ having }) {
      for (const { name, health, rollout } of having.health) {
        const { startup } = health
        if (!startup) continue
        const budget = startup.delay + startup.every * startup.failures
        if (budget <= rollout.verdict.deadline) continue
        yield {
          path: ['services', name, 'health', 'startup', 'failures'],
          message: `expected at most ${time(rollout.verdict.deadline)} for starting (the deadline of a step), found ${time(budget)} (${time(startup.delay)} + ${startup.failures} × ${time(startup.every)})`,
          hint: `set failures to ${Math.max(1, Math.floor((rollout.verdict.deadline - startup.delay) / startup.every))}, or \`rollout: { verdict: { deadline: '${time(budget * 2)}' } }\``,
        }
      }
    },
  }),
  refusal({
    code: 'SW1706',
    title: 'Several successes for liveness on Kubernetes',
    meaning: 'Kubernetes accepts one success only for liveness and start-up probes.',
    *check({ environment, having }) {
      if (environment.engine !== 'kubernetes') return
      for (const { name, health } of having.health) {
        for (const key of ['live', 'startup'] as const) {
          const successes = health[key]?.successes ?? 1
          if (successes === 1) continue
          yield {
            path: ['services', name, 'health', key, 'successes'],
            message: `expected 1 success for ${key} on Kubernetes, found ${successes}`,
            hint: 'set successes to 1; readiness may ask for more',
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1707',
    title: 'Drain above grace',
    meaning: 'The process is killed before the time that its requests in flight are promised is over.',
    *check({ services }) {
      for (const { name, stop } of services) {
        if (stop.drain <= stop.grace) continue
        yield {
          path: ['services', name, 'stop', 'drain'],
          message: `expected at most ${time(stop.grace)} (\`grace\`), found ${time(stop.drain)}`,
          hint: `set grace to ${time(stop.drain + 10_000)}, or drain to ${time(Math.floor((stop.grace * 2) / 3000) * 1000)}`,
        }
      }
    },
  }),
  warning({
    code: 'SW2701',
    title: 'Liveness that kills a slow start',
    meaning:
      'Without a start-up probe, liveness gives up before readiness could have said yes, so a replica that starts slowly is restarted for ever.',
    *check({ having }) {
      for (const { name, health } of having.health) {
        const { live, ready, startup } = health
        if (!live || !ready || startup) continue
        const patience = live.delay + live.every * live.failures
        const soonest = ready.delay + ready.every * (ready.successes - 1)
        if (patience > soonest) continue
        yield {
          path: ['services', name, 'health', 'live'],
          message: `expected liveness to wait longer than ${time(soonest)}, when readiness can first say yes, found ${time(patience)}`,
          hint: 'add a `startup` probe with the path of readiness, which holds liveness off',
        }
      }
    },
  }),
  warning({
    code: 'SW2702',
    title: 'Drain shorter than requests that are in order',
    meaning: 'A request may take longer within its objective than a stopping replica waits for it.',
    *check({ having }) {
      for (const { name, stop, slo } of having.slo) {
        const [quantile, bound] = Object.entries(slo?.latency ?? {}).sort((a, b) => b[1] - a[1])[0] ?? []
        if (quantile === undefined || bound === undefined || bound <= stop.drain) continue
        yield {
          path: ['services', name, 'stop', 'drain'],
          message: `expected at least ${time(bound)} (${quantile} of its objective), found ${time(stop.drain)}`,
          hint: `set \`stop: { drain: '${time(bound)}', grace: '${time(bound + 10_000)}' }\``,
        }
      }
    },
  }),
]

interface PlacedProbe {
  readonly probe: Probe
  readonly service: Service
  readonly key: keyof Health
}

/** Every probe; the path is left to who needs it, as there are as many probes as services. */
function* probesOf({ having }: Context): Iterable<PlacedProbe> {
  for (const service of having.health) {
    const { live, ready, startup } = service.health
    if (live) yield { probe: live, service, key: 'live' }
    if (ready) yield { probe: ready, service, key: 'ready' }
    if (startup) yield { probe: startup, service, key: 'startup' }
  }
}

function pathOf({ name }: Service, key: keyof Health): readonly PathStep[] {
  return ['services', name, 'health', key]
}

/** What a probe asks, in words. */
function question({ http, tcp, exec }: Probe): string {
  if (http !== undefined) return `GET ${http}`
  if (tcp !== undefined) return `port ${tcp}`
  return typeof exec === 'string' ? exec : (exec ?? []).join(' ')
}
