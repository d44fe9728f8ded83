import type { PathStep } from '../catalog-path.ts'
import { nearest } from '../nearest.ts'
import type { Alert, Service } from '../resolved.generated.ts'
import type { AlertCondition } from './alert-condition.ts'
import { signalOf } from './alert-signal.ts'
import type { Context } from './context.ts'
import { about, percent, time } from './figures.ts'
import { type Rule, refusal, warning } from './rule.ts'

const tiers = ['core', 'business', 'support'] as const
const severities = ['critical', 'warning', 'info'] as const

/** Rules on who is told of what. */
export const alertRules: readonly Rule[] = [
  refusal({
    code: 'SW1320',
    title: 'Alert condition that cannot be read',
    meaning:
      'A condition is a known signal (or a counter of the service), a comparison, and a value in the unit of the signal, such as `errors > 5%` or `p95 > 500ms`.',
    *check(context) {
      for (const { alert, path, counters, scope } of alertsOf(context)) {
        const read = context.condition(alert.when, counters)
        if (!read.ok) {
          yield {
            path: [...path, 'when'],
            message: `expected ${read.expected}, found \`${alert.when}\``,
            hint: read.nearest === undefined ? 'see docs/rules.md for the signals' : `write \`${read.nearest}\``,
          }
          continue
        }
        const known = signalOf(read.value.signal)
        if (!known || known.scope === 'both' || known.scope === scope) continue
        yield {
          path: [...path, 'when'],
          message: `expected a signal that a ${scope} has, found \`${known.name}\`, which only a ${known.scope} has`,
          hint:
            scope === 'fleet'
              ? 'put the alert on the service, or on its tier'
              : 'put it under `monitoring.alerts.fleet`',
        }
      }
    },
  }),
  refusal({
    code: 'SW1321',
    title: 'Alert that can never fire, or always does',
    meaning: 'The value lies outside of what the signal can take, so the alert says nothing.',
    *check(context) {
      for (const { alert, path, counters, service } of alertsOf(context)) {
        const read = context.condition(alert.when, counters)
        if (!read.ok) continue
        const dead = deadEnd(read.value, service)
        if (!dead) continue
        yield {
          path: [...path, 'when'],
          message: `expected a value that \`${read.value.signal}\` can be on both sides of, found \`${alert.when}\`, which ${dead.always ? 'always' : 'never'} holds: ${dead.because}`,
          hint: dead.hint,
        }
      }
    },
  }),
  refusal({
    code: 'SW1322',
    title: 'Two alerts of one name',
    meaning: 'Alerts of a service, or of a tier, are told apart by name; of two with the same one is lost.',
    *check({ having, fleet }) {
      for (const { name, alerts } of having.alerts) yield* twins(alerts, ['services', name, 'alerts'])
      for (const [tier, alerts] of Object.entries(fleet.monitoring.alerts)) {
        yield* twins(alerts, ['monitoring', 'alerts', tier])
      }
    },
  }),
  refusal({
    code: 'SW1323',
    title: 'Unknown tier or severity',
    meaning: 'Alerts and scrape intervals are given by tier, receivers by severity; a misspelt key is never read.',
    *check({ fleet }) {
      const { alerts, scrape, notify } = fleet.monitoring
      for (const [field, record, words] of [
        ['alerts', alerts, [...tiers, 'fleet']],
        ['scrape', scrape, tiers],
        ['notify', notify, severities],
      ] as const) {
        for (const key of Object.keys(record)) {
          if ((words as readonly string[]).includes(key)) continue
          yield {
            path: ['monitoring', field, key],
            message: `expected one of ${words.join(', ')}, found \`${key}\``,
            hint: `write \`${nearest(key, words) ?? words[0]}\``,
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1324',
    title: 'Alert that comes after the budget is spent',
    meaning:
      'While the condition has to hold before anyone is told, failures at exactly that rate spend the whole error budget.',
    *check(context) {
      for (const { alert, path, counters, service } of alertsOf(context)) {
        const availability = service?.slo?.availability
        if (!service?.slo || availability === undefined || availability >= 1) continue
        const read = context.condition(alert.when, counters)
        if (!read.ok || read.value.signal !== 'errors' || !read.value.comparison.startsWith('>')) continue
        const survives = (service.slo.window * (1 - availability)) / read.value.value
        if (alert.for < survives) continue
        yield {
          path: [...path, 'for'],
          message: `expected less than ${about(survives)}, in which ${percent(read.value.value)} errors spend the budget of ${percent(availability)} over ${time(service.slo.window)}, found ${time(alert.for)}`,
          hint: `set \`for\` to ${about(survives * 0.02)}, which spends 2 % of the budget`,
        }
      }
    },
  }),
  warning({
    code: 'SW2320',
    title: 'Alert that reaches nobody',
    meaning: 'Neither the alert nor `monitoring.notify` names an escalation for this severity.',
    *check(context) {
      const { notify } = context.fleet.monitoring
      const said = new Set<string>()
      for (const { alert, path } of alertsOf(context)) {
        if (alert.severity === 'info' || alert.notify !== undefined || notify[alert.severity] !== undefined) continue
        if (said.has(alert.severity)) continue
        said.add(alert.severity)
        yield {
          path: [...path, 'notify'],
          message: `expected someone to tell of ${alert.severity} alerts such as \`${alert.name}\`, found nobody`,
          hint: `name an escalation in \`monitoring.notify.${alert.severity}\`, or here`,
        }
      }
    },
  }),
  warning({
    code: 'SW2321',
    title: 'Alert decided by a single sample',
    meaning:
      'The condition has to hold for less than two scrape intervals, so one bad sample decides, and a lost one hides it.',
    *check(context) {
      const { scrape } = context.fleet.monitoring
      for (const { alert, path, tier } of alertsOf(context)) {
        const interval = tier === undefined ? Math.min(...Object.values(scrape)) : scrape[tier]
        if (interval === undefined || !Number.isFinite(interval) || alert.for >= 2 * interval) continue
        yield {
          path: [...path, 'for'],
          message: `expected at least ${time(2 * interval)}, two scrapes of ${tier ? `the ${tier} tier` : 'the fleet'}, found ${time(alert.for)}`,
          hint: `set \`for: '${time(2 * interval)}'\`, or scrape more often`,
        }
      }
    },
  }),
]

interface Placed {
  readonly alert: Alert
  readonly path: readonly PathStep[]
  readonly counters: Readonly<Record<string, string>>
  readonly scope: 'service' | 'fleet'
  readonly service?: Service
  readonly tier?: string
}

/** Every alert where it is written: on services, on tiers and on the fleet. */
function* alertsOf({ having, fleet }: Context): Iterable<Placed> {
  for (const service of having.alerts) {
    for (const [index, alert] of service.alerts.entries()) {
      const path = ['services', service.name, 'alerts', index]
      yield { alert, path, counters: service.metrics, scope: 'service', service, tier: service.tier }
    }
  }
  for (const [tier, alerts] of Object.entries(fleet.monitoring.alerts)) {
    for (const [index, alert] of alerts.entries()) {
      const path = ['monitoring', 'alerts', tier, index]
      if (tier === 'fleet') yield { alert, path, counters: {}, scope: 'fleet' }
      else yield { alert, path, counters: {}, scope: 'service', tier }
    }
  }
}

function* twins(
  alerts: readonly Alert[],
  path: readonly PathStep[],
): Iterable<{ readonly path: readonly PathStep[]; readonly message: string; readonly hint: string }> {
  const seen = new Map<string, number>()
  for (const [index, { name, when }] of alerts.entries()) {
    const first = seen.get(name)
    if (first === undefined) seen.set(name, index)
    else {
      yield {
        path: [...path, index, 'name'],
        message: `expected a name of its own, found \`${name}\` again (first at place ${first + 1})`,
        hint: `say what it is about, such as \`${name}: ${when}\``,
      }
    }
  }
}

/** Why a condition can never hold, or always does; undefined when it can be either. */
function deadEnd(
  { signal, comparison, value, unit }: AlertCondition,
  service: Service | undefined,
): { readonly always: boolean; readonly because: string; readonly hint: string } | undefined {
  const upward = comparison.startsWith('>')
  const quantile = /^p[0-9]/.test(signal)
  const most = quantile ? service?.timeout : unit === 'fraction' ? signalOf(signal)?.most : undefined
  if (most !== undefined && (value > most || (value === most && (comparison === '>' || comparison === '<=')))) {
    const limit = quantile ? `the timeout ends every request at ${time(most)}` : 'it cannot be above 100 %'
    return { always: !upward, because: limit, hint: `choose a value below ${quantile ? time(most) : percent(most)}` }
  }
  if (value === 0 && (comparison === '<' || comparison === '>=')) {
    return { always: upward, because: 'it cannot be below zero', hint: `write \`${signal} > 0\` with its unit` }
  }
  return undefined
}
