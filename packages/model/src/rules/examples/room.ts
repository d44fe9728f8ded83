import fc from 'fast-check'
import { environment, machine, postgres, service, volume } from '../../author/parts.ts'
import type { QuotaSpec, ScaleSpec, ServiceSpec } from '../../authored.generated.ts'
import type { FleetDocument } from '../../document.ts'
import { api, between, example, oneOf, production, type RuleExample, shop, shopOf } from './example.ts'

const onOne = (spec: ServiceSpec): FleetDocument =>
  shop({ machines: [machine('pc', { cpu: 8, memory: '16Gi' })], services: [api(spec)] })
const within = (quota: QuotaSpec, spec: ServiceSpec): FleetDocument =>
  shop({ environments: [environment('staging', { quota })], services: [api(spec)] })
const scaled = (scale: ScaleSpec): FleetDocument => shopOf({ scale })

/** Examples of rules on machines, quotas and replicas. */
export const roomExamples: readonly RuleExample[] = [
  example('SW1220', (gibibytes) => onOne({ memory: `${gibibytes}Gi` }), between(17, 500), between(1, 16)),
  example('SW1221', (replicas) => onOne({ replicas, cpu: 0.5 }), between(17, 200), between(1, 16)),
  example(
    'SW1221',
    ({ first, second }) => {
      const pc = machine('pc', { cpu: 8, memory: '16Gi' })
      const other = machine('other', { cpu: 8, memory: '16Gi' })
      return shop({
        machines: [pc, other],
        services: [
          api({ place: [pc], cpu: first }),
          service('web', { run: 'node web.ts', port: 3000, routes: ['/web'], cpu: second, place: [pc] }),
        ],
      })
    },
    between(1, 8)
      .map((first) => ({ first, second: 8 - first + 1 }))
      .filter(({ second }) => second <= 8),
    between(1, 7).map((first) => ({ first, second: 8 - first })),
  ),
  example('SW2220', (max) => onOne({ scale: [1, max], cpu: 0.5 }), between(17, 200), between(1, 16)),
  example(
    'SW1222',
    (zone) =>
      shop({
        machines: [machine('pc', { zone: 'home' }), machine('cloud', { zone: 'eu-1' })],
        services: [api({ place: { zones: [zone] } })],
      }),
    oneOf('eu-2', 'moon'),
    oneOf('home', 'eu-1'),
  ),
  example(
    'SW1223',
    ({ machines, replicas }) =>
      shop({
        machines: Array.from({ length: machines }, (_, index) => machine(`pc-${index}`)),
        services: [api({ replicas, place: { antiAffinity: 'required' } })],
      }),
    between(1, 9).map((machines) => ({ machines, replicas: machines + 1 })),
    between(1, 9).map((machines) => ({ machines, replicas: machines })),
  ),
  example(
    'SW1224',
    ({ quota, replicas }) => within(quota, { replicas, cpu: 0.5, memory: '1Gi' }),
    fc.oneof(
      between(3, 20).map((replicas) => ({ quota: { memory: `${replicas - 1}Gi` as const }, replicas })),
      between(3, 20).map((replicas) => ({ quota: { replicas: replicas - 1 }, replicas })),
      between(3, 20).map((replicas) => ({ quota: { cpu: (replicas - 1) / 2 }, replicas })),
    ),
    between(1, 20).map((replicas) => ({
      quota: { memory: `${replicas + 1}Gi` as const, cpu: (replicas + 1) / 2, replicas: replicas + 1 },
      replicas,
    })),
  ),
  example(
    'SW1224',
    (gibibytes) =>
      shop({
        environments: [environment('staging', { quota: { storage: `${gibibytes}Gi` } })],
        postgres: [postgres('db', { storage: '20Gi' })],
        volumes: [volume('files', { storage: '10Gi' })],
      }),
    between(1, 29),
    between(30, 100),
  ),
  example(
    'SW1225',
    ({ replicas, quota, rollout }) => within({ cpu: quota }, { replicas, cpu: 1, rollout }),
    fc.oneof(
      between(2, 9).map((replicas) => ({ replicas, quota: replicas * 2 - 1, rollout: 'blue-green' as const })),
      between(2, 9).map((replicas) => ({ replicas, quota: replicas, rollout: 'rolling' as const })),
    ),
    fc.oneof(
      between(2, 9).map((replicas) => ({ replicas, quota: replicas * 2, rollout: 'blue-green' as const })),
      between(2, 9).map((replicas) => ({ replicas, quota: replicas + 1, rollout: 'rolling' as const })),
      between(2, 9).map((replicas) => ({
        replicas,
        quota: replicas,
        rollout: { maxSurge: 0, maxUnavailable: 1 },
      })),
    ),
  ),
  example(
    'SW2221',
    ({ max, quota }) => within({ cpu: quota }, { scale: [1, max], cpu: 1 }),
    between(3, 50).map((max) => ({ max, quota: max - 1 })),
    between(2, 50).map((max) => ({ max, quota: max })),
  ),
  example<ServiceSpec>(
    'SW1230',
    shopOf,
    between(1, 9).map((replicas) => ({ replicas, scale: [1, 9] })),
    fc.oneof(
      between(1, 9).map((replicas) => ({ replicas })),
      between(1, 9).map((max) => ({ scale: [1, max] as const })),
    ),
  ),
  example(
    'SW1231',
    scaled,
    fc.oneof(
      between(1, 50).map((max) => ({ min: max + 1, max })),
      between(1, 50).map((max) => ({
        min: 1,
        max,
        schedule: [{ cron: '0 8 * * 1-5', for: '9h' as const, min: max + 1 }],
      })),
    ),
    between(1, 50).map((max) => ({ min: max, max, schedule: [{ cron: '0 8 * * 1-5', for: '9h' as const, min: max }] })),
  ),
  example(
    'SW1232',
    ({ min, autoscaler }) => shop({ environments: [production({ autoscaler })], services: [api({ scale: [min, 9] })] }),
    fc.constant({ min: 0, autoscaler: 'hpa' as const }),
    fc.oneof(
      fc.constant({ min: 0, autoscaler: 'keda' as const }),
      between(1, 9).map((min) => ({ min, autoscaler: 'hpa' as const })),
    ),
  ),
  example(
    'SW1233',
    (target) => scaled({ min: 1, max: 9, cpu: `${target}%`, memory: `${target}%` }),
    fc.constant(0),
    between(1, 100),
  ),
  example<ServiceSpec>(
    'SW1234',
    (spec) => shop({ services: [service('worker', { run: 'node worker.ts', ...spec })] }),
    between(1, 99).map((inFlight) => ({ scale: { min: 1, max: 9, inFlight } })),
    fc.oneof(
      between(1, 99).map((inFlight) => ({ scale: { min: 1, max: 9, inFlight }, port: 3000, routes: ['/'] })),
      fc.constant({ scale: { min: 1, max: 9, cpu: '70%' as const } }),
    ),
  ),
  example(
    'SW1235',
    (percent) => scaled({ min: 1, max: 9, up: { percent: `${percent}%` }, down: { replicas: 1 } }),
    fc.constant(0),
    between(1, 400),
  ),
  example<{ readonly replicas: number; readonly minAvailable: ServiceSpec['minAvailable'] & {} }>(
    'SW1240',
    (spec) => shopOf(spec),
    fc.oneof(
      fc.tuple(between(1, 9), between(0, 3)).map(([replicas, more]) => ({ replicas, minAvailable: replicas + more })),
      between(1, 9).map((replicas) => ({ replicas, minAvailable: '100%' as const })),
      fc.constant({ replicas: 1, minAvailable: '50%' as const }),
    ),
    fc.oneof(
      between(2, 9).map((replicas) => ({ replicas, minAvailable: replicas - 1 })),
      between(2, 9).map((replicas) => ({ replicas, minAvailable: '50%' as const })),
    ),
  ),
  example(
    'SW1241',
    ({ maxSurge, maxUnavailable }) => shopOf({ replicas: 4, rollout: { maxSurge, maxUnavailable } }),
    oneOf({ maxSurge: 0, maxUnavailable: 0 }, { maxSurge: 0, maxUnavailable: '20%' }),
    oneOf(
      { maxSurge: 1, maxUnavailable: 0 },
      { maxSurge: 0, maxUnavailable: 1 },
      { maxSurge: '25%', maxUnavailable: 0 },
    ),
  ),
  example(
    'SW2241',
    ({ replicas, maxUnavailable }) => shopOf({ replicas, rollout: { maxUnavailable } }),
    fc.oneof(
      between(1, 9).map((replicas) => ({ replicas, maxUnavailable: replicas })),
      between(1, 9).map((replicas) => ({ replicas, maxUnavailable: '100%' as const })),
    ),
    between(1, 9).map((replicas) => ({ replicas, maxUnavailable: replicas - 1 })),
  ),
  example(
    'SW2242',
    ({ replicas, tier }) => shop({ environments: [production()], services: [api({ replicas, tier })] }),
    fc.constant({ replicas: 1, tier: 'core' as const }),
    fc.oneof(
      between(2, 9).map((replicas) => ({ replicas, tier: 'core' as const })),
      fc.constant({ replicas: 1, tier: 'support' as const }),
    ),
  ),
]
