import fc from 'fast-check'
import { escalation, service } from '../../author/parts.ts'
import type { AlertSpec, EscalationSpec, MonitoringSpec, ServiceSpec, SloSpec } from '../../authored.generated.ts'
import type { FleetDocument } from '../../document.ts'
import { api, between, example, oneOf, type RuleExample, shop, shopOf } from './example.ts'

const within = (latency: Readonly<Record<string, number>>): SloSpec => ({
  latency: Object.fromEntries(Object.entries(latency).map(([key, bound]) => [key, `${bound}ms` as const])),
})
const alerting = (alert: Omit<AlertSpec, 'name'>, spec: ServiceSpec = {}): FleetDocument =>
  shopOf({ ...spec, alerts: [{ name: 'alert', ...alert }] })
const night = (spec: EscalationSpec): FleetDocument => shop({ escalations: [escalation('night', spec)] })
const quiet: AlertSpec = { name: 'failing', when: 'errors > 5%' }

/** Examples of rules on objectives, alerts and escalations. */
export const objectiveExamples: readonly RuleExample[] = [
  // One failed request pages below 1/(14.4 · 0.001) = 69.4 requests an hour at 99.9 % over 30 days.
  example(
    'SW1301',
    (hourly) => shopOf({ slo: { availability: '99.9%' }, traffic: { rate: `${hourly}/h` } }),
    between(2, 69),
    between(70, 100_000),
  ),
  example(
    'SW1301',
    (hourly) => shopOf({ slo: { availability: '99.99%', window: '28d' }, traffic: { rate: `${hourly}/h` } }),
    between(15, 744),
    between(745, 100_000),
  ),
  // 30 days at n a day leave room for one failure of 0.1 % from 33.4 a day on.
  example(
    'SW1302',
    (daily) => shopOf({ slo: { availability: '99.9%', errors: '0.1%' }, traffic: { rate: `${daily}/d` } }),
    between(0, 33),
    between(34, 10_000),
  ),
  example(
    'SW1303',
    (slo) => shopOf({ slo }),
    oneOf<SloSpec>({ availability: '100%' }, { errors: '0%' }),
    oneOf<SloSpec>({ availability: '99.999%' }, { errors: '0.1%' }),
  ),
  example(
    'SW1303',
    (availability) => shop({ agreement: { availability } }),
    fc.constant('100%' as const),
    oneOf('99.5%', '99.9%'),
  ),
  example(
    'SW1304',
    ({ timeout, bound }) => shopOf({ timeout: `${timeout}ms`, slo: within({ p95: bound }) }),
    fc.tuple(between(1, 60_000), between(1, 60_000)).map(([timeout, more]) => ({ timeout, bound: timeout + more })),
    fc.tuple(between(1, 60_000), between(0, 60_000)).map(([bound, more]) => ({ bound, timeout: bound + more })),
  ),
  example(
    'SW1304',
    ({ timeout, bound }) =>
      shopOf({ timeout: `${timeout}ms`, rollout: { strategy: 'canary', verdict: { latency: [`${bound}ms`] } } }),
    between(1, 60_000).map((timeout) => ({ timeout, bound: timeout + 1 })),
    between(1, 60_000).map((timeout) => ({ timeout, bound: timeout })),
  ),
  example(
    'SW1305',
    (slo) => shopOf({ slo }),
    fc.oneof(
      between(2, 9000).map((bound) => within({ p50: bound, p99: bound - 1 })),
      oneOf('median', 'p0', 'p100', '95', 'p095').map((key) => within({ [key]: 100 })),
      fc.constant(within({ p95: 0 })),
    ),
    fc.tuple(between(1, 9000), between(0, 9000)).map(([bound, more]) => within({ p50: bound, 'p99.9': bound + more })),
  ),
  example(
    'SW1306',
    ({ objective, agreed, tier }) =>
      shop({ agreement: { availability: agreed }, services: [api({ tier, slo: { availability: objective } })] }),
    oneOf(
      { objective: '99.5%', agreed: '99.9%', tier: 'core' },
      { objective: '99.9%', agreed: '99.91%', tier: 'core' },
    ),
    oneOf(
      { objective: '99.9%', agreed: '99.5%', tier: 'core' },
      { objective: '99.9%', agreed: '99.9%', tier: 'core' },
      { objective: '99%', agreed: '99.9%', tier: 'support' },
    ),
  ),
  example(
    'SW1307',
    ({ rate, peak }) => shopOf({ traffic: { rate: `${rate}/s`, peak: `${peak}/s` } }),
    between(1, 1000).map((rate) => ({ rate, peak: rate - 1 })),
    fc.tuple(between(0, 1000), between(0, 1000)).map(([rate, more]) => ({ rate, peak: rate + more })),
  ),
  example<ServiceSpec>(
    'SW1308',
    (spec) => shopOf({ slo: { gpu: ['60%', '85%'] }, ...spec }),
    fc.constant({}),
    between(1, 4).map((gpu) => ({ gpu })),
  ),
  example<ServiceSpec>(
    'SW2301',
    shopOf,
    oneOf<ServiceSpec>({ slo: '99.9%' }, { slo: { errors: '1%' } }),
    oneOf<ServiceSpec>(
      { slo: '99.9%', traffic: { rate: '5/s' } },
      { slo: { latency: { p95: '500ms' } } },
      { traffic: { rate: '5/s' } },
    ),
  ),
  example(
    'SW2302',
    ({ theirs, optional }) => {
      const model = service('model', { run: 'node model.ts', port: 3000, slo: theirs })
      return shop({ services: [api({ slo: '99.9%', needs: [{ on: model, optional }] })] })
    },
    oneOf({ theirs: '99.5%', optional: false }, { theirs: '99.89%', optional: false }),
    oneOf(
      { theirs: '99.5%', optional: true },
      { theirs: '99.9%', optional: false },
      { theirs: '99.99%', optional: false },
    ),
  ),
  example<ServiceSpec>(
    'SW2303',
    (spec) => shop({ services: [service('worker', { run: 'node worker.ts', ...spec })] }),
    oneOf<ServiceSpec>({ slo: '99.9%' }, { slo: { errors: '1%' } }, { slo: within({ p95: 500 }) }),
    oneOf<ServiceSpec>({ slo: { queueAge: '5m' } }, { slo: { custom: { done: '99%' } } }, { slo: '99.9%', port: 3000 }),
  ),
  example(
    'SW2304',
    (errors) => shopOf({ slo: { availability: '99.9%' }, traffic: { rate: '50/s', errors: `${errors / 1000}%` } }),
    between(101, 5000),
    between(0, 100),
  ),
  example(
    'SW2305',
    ({ throughput, peak }) =>
      shopOf({ slo: { throughput: `${throughput}/s` }, traffic: { rate: '1/s', peak: `${peak}/s` } }),
    between(2, 1000).map((peak) => ({ peak, throughput: peak - 1 })),
    fc.tuple(between(1, 1000), between(0, 1000)).map(([peak, more]) => ({ peak, throughput: peak + more })),
  ),
  example(
    'SW1320',
    (when) => alerting({ when }, { metrics: { orders: 'orders taken' } }),
    oneOf('failures > 5%', 'errors > 5s', 'p95 > 5%', 'errors 5%', 'cpu = 90%', 'nodes-down > 0', 'restarts > 3'),
    oneOf('errors > 5%', 'p99.9 > 5s', 'cpu >= 90%', 'restarts > 3/h', 'orders < 1/min', 'down', 'burn > 14.4x'),
  ),
  example(
    'SW1320',
    (when) => shop({ monitoring: { alerts: { fleet: [{ name: 'alert', when }] } } }),
    oneOf('errors > 5%', 'p95 > 1s'),
    oneOf('nodes-down > 0', 'disk > 90%'),
  ),
  example(
    'SW1321',
    (when) => alerting({ when }, { timeout: '10s' }),
    oneOf('errors > 100%', 'errors > 150%', 'cpu <= 100%', 'p95 > 10s', 'p95 < 20s', 'queue-length >= 0', 'ready < 0'),
    oneOf('errors > 99%', 'cpu >= 100%', 'p95 > 9s', 'p95 < 10s', 'queue-length > 0', 'ready < 1'),
  ),
  example<readonly AlertSpec[]>(
    'SW1322',
    (alerts) => shopOf({ alerts }),
    fc.constant([quiet, { ...quiet, when: 'errors > 2%' }]),
    fc.constant([quiet, { ...quiet, name: 'slow' }]),
  ),
  example<MonitoringSpec>(
    'SW1323',
    (monitoring) => shop({ monitoring }),
    oneOf<MonitoringSpec>(
      { alerts: { cor: [quiet] } },
      { scrape: { critical: '15s' } },
      { notify: { high: escalation('n', { steps: [{ to: ['slack:#a'] }] }) } },
    ),
    oneOf<MonitoringSpec>(
      { alerts: { core: [quiet] } },
      { scrape: { core: '15s' } },
      { notify: { critical: escalation('n', { steps: [{ to: ['slack:#a'] }] }) } },
    ),
  ),
  // 5 % errors spend the 0.1 % of 30 days in 864 minutes.
  example(
    'SW1324',
    (minutes) => alerting({ when: 'errors > 5%', for: `${minutes}m` }, { slo: '99.9%', traffic: { rate: '9/s' } }),
    between(865, 10_000),
    between(0, 863),
  ),
  example<ServiceSpec>(
    'SW2320',
    (spec) =>
      shop({
        services: [api(spec)],
        monitoring: { notify: { critical: escalation('night', { steps: [{ to: ['pagerduty:team'] }] }) } },
      }),
    fc.constant({ alerts: [{ ...quiet, severity: 'warning' as const }] }),
    oneOf<ServiceSpec>(
      { alerts: [{ ...quiet, severity: 'critical' }] },
      { alerts: [{ ...quiet, severity: 'info' }] },
      { alerts: [{ ...quiet, severity: 'warning', notify: escalation('day', { steps: [{ to: ['slack:#team'] }] }) }] },
    ),
  ),
  example(
    'SW2321',
    ({ scrape, hold }) =>
      shop({
        services: [api({ alerts: [{ ...quiet, for: `${hold}s` }] })],
        monitoring: { scrape: { business: `${scrape}s` } },
      }),
    between(1, 300).map((scrape) => ({ scrape, hold: scrape * 2 - 1 })),
    fc.tuple(between(1, 300), between(0, 300)).map(([scrape, more]) => ({ scrape, hold: scrape * 2 + more })),
  ),
  example<EscalationSpec>(
    'SW1330',
    night,
    oneOf<EscalationSpec>(
      { steps: [] },
      { steps: [{ to: [] }] },
      { steps: [{ to: ['slack:#a'] }, { after: '5m', to: [] }] },
    ),
    oneOf<EscalationSpec>({ steps: [{ to: ['slack:#a'] }] }),
  ),
  example(
    'SW1331',
    ({ first, second }) =>
      night({
        steps: [
          { after: `${first}m`, to: ['slack:#a'] },
          { after: `${second}m`, to: ['pagerduty:b'] },
        ],
      }),
    fc.tuple(between(0, 60), between(0, 60)).map(([second, more]) => ({ first: second + more, second })),
    fc.tuple(between(0, 60), between(1, 60)).map(([first, more]) => ({ first, second: first + more })),
  ),
  example(
    'SW1332',
    ({ after, respond, resolve }) =>
      night({
        steps: [{ to: ['slack:#a'] }, { after: `${after}m`, to: ['pagerduty:b'] }],
        respond: `${respond}m`,
        resolve: `${resolve}m`,
      }),
    fc.oneof(
      between(1, 60).map((respond) => ({ respond, after: respond, resolve: 240 })),
      between(30, 60).map((respond) => ({ respond, after: 5, resolve: respond - 1 })),
    ),
    between(10, 60).map((respond) => ({ respond, after: respond - 1, resolve: respond })),
  ),
  example(
    'SW1333',
    ({ agreed, asked }) =>
      shop({
        agreement: { availability: '99.5%', respond: `${agreed}m` },
        monitoring: {
          notify: { critical: escalation('night', { steps: [{ to: ['pagerduty:a'] }], respond: `${asked}m` }) },
        },
      }),
    between(1, 240).map((agreed) => ({ agreed, asked: agreed + 1 })),
    between(1, 240).map((agreed) => ({ agreed, asked: agreed })),
  ),
]
