import fc from 'fast-check'
import { machine, type ServicePart, service } from '../../author/parts.ts'
import type { GpuSpec, MachineGpuSpec, ServiceSpec } from '../../authored.generated.ts'
import type { FleetDocument } from '../../document.ts'
import { gpuModels } from '../gpu-model.ts'
import { between, example, oneOf, production, type RuleExample, shop } from './example.ts'

const able = gpuModels.filter(({ mig }) => mig).map(({ name }) => name)
const unable = [...gpuModels.filter(({ mig }) => !mig).map(({ name }) => name), 'Radeon RX 7900', 'RTX 4090']

const withGpu = (gpu: MachineGpuSpec): FleetDocument => shop({ machines: [machine('pc', { gpu })] })
const model = (name: string, spec: ServiceSpec): ServicePart =>
  service(name, { run: 'node model.ts', port: 3000, routes: [`/${name}`], ...spec })
/** `clients` services, each with a part of the GPUs of one machine. */
const sharing = (gpu: MachineGpuSpec, clients: readonly GpuSpec[]): FleetDocument =>
  shop({
    machines: [machine('pc', { gpu })],
    services: clients.map((client, index) => model(`model-${index}`, { gpu: client })),
  })

/** Examples of rules on GPUs. */
export const gpuExamples: readonly RuleExample[] = [
  example(
    'SW1201',
    (name) => withGpu({ model: name, share: { mode: 'mig', profiles: ['1g.5gb'] } }),
    fc.constantFrom(...unable),
    fc.constantFrom(...able),
  ),
  example<readonly string[]>(
    'SW1202',
    (profiles) => withGpu({ model: 'A100 40GB', share: { mode: 'mig', profiles } }),
    fc.constantFrom(['1g.10gb', '1g.6gb'], ['5g.20gb'], ['1g.5gb', 'half']),
    fc.constantFrom(['1g.5gb', '2g.10gb', '3g.20gb'], ['7g.40gb'], ['1g.5gb+me']),
  ),
  example<readonly string[]>(
    'SW1203',
    (profiles) => withGpu({ model: 'A100 40GB', share: { mode: 'mig', profiles } }),
    fc.oneof(
      between(8, 12).map((count) => Array<string>(count).fill('1g.5gb')),
      fc.constantFrom(
        ['7g.40gb', '1g.5gb'],
        ['4g.20gb', '4g.20gb'],
        ['3g.20gb', '3g.20gb', '1g.5gb'],
        ['1g.5gb+me', '1g.5gb+me'],
        [],
      ),
    ),
    fc.oneof(
      between(1, 7).map((count) => Array<string>(count).fill('1g.5gb')),
      fc.constantFrom(['4g.20gb', '3g.20gb'], ['3g.20gb', '3g.20gb'], ['3g.20gb', '2g.10gb', '1g.5gb', '1g.5gb']),
    ),
  ),
  example<MachineGpuSpec['share']>(
    'SW1204',
    (share) => withGpu({ model: 'A100 40GB', share: share ?? 'exclusive' }),
    fc.oneof(
      between(1, 48).map((replicas) => ({ mode: 'mig' as const, profiles: ['1g.5gb'], replicas })),
      oneOf('mps', 'time-slicing', 'exclusive').map((mode) => ({ mode, profiles: ['1g.5gb'] })),
    ),
    fc.oneof(
      between(1, 48).map((replicas) => ({ mode: 'mps' as const, replicas })),
      fc.constant({ mode: 'mig' as const, profiles: ['1g.5gb'] }),
    ),
  ),
  example(
    'SW1205',
    (profile) =>
      sharing({ model: 'A100 40GB', share: { mode: 'mig', profiles: ['3g.20gb', '2g.10gb'] } }, [{ profile }]),
    oneOf('1g.5gb', '7g.40gb'),
    oneOf('3g.20gb', '2g.10gb'),
  ),
  example(
    'SW1206',
    ({ parts, clients }) =>
      sharing(
        { model: 'A100 40GB', share: { mode: 'mig', profiles: Array<string>(parts).fill('1g.5gb') } },
        Array.from({ length: clients }, () => ({ profile: '1g.5gb' })),
      ),
    between(1, 6).map((parts) => ({ parts, clients: parts + 1 })),
    between(1, 7).map((parts) => ({ parts, clients: parts })),
  ),
  example(
    'SW1210',
    (place) =>
      shop({
        machines: [machine('gpu', { gpu: { model: 'RTX 4090' } })],
        services: [
          model('model', { gpu: 1, place: [machine(place, place === 'gpu' ? { gpu: { model: 'RTX 4090' } } : {})] }),
        ],
      }),
    fc.constant('plain'),
    fc.constant('gpu'),
  ),
  example(
    'SW1211',
    ({ count, replicas, clients }) =>
      sharing(
        { model: 'RTX 4090', count, share: { mode: 'mps', replicas } },
        Array.from({ length: clients }, () => ({ count: 1 })),
      ),
    fc
      .tuple(between(1, 4), between(1, 6))
      .map(([count, replicas]) => ({ count, replicas, clients: count * replicas + 1 })),
    fc.tuple(between(1, 4), between(1, 6)).map(([count, replicas]) => ({ count, replicas, clients: count * replicas })),
  ),
  example(
    'SW1212',
    ({ machineMode, mode }) =>
      sharing({ model: 'RTX 4090', share: { mode: machineMode, replicas: 4 } }, [{ share: mode }]),
    oneOf({ machineMode: 'mps', mode: 'time-slicing' }, { machineMode: 'time-slicing', mode: 'mps' }),
    oneOf({ machineMode: 'mps', mode: 'mps' }, { machineMode: 'time-slicing', mode: 'time-slicing' }),
  ),
  example<readonly number[]>(
    'SW1213',
    (sizes) =>
      sharing(
        { model: 'RTX 4090', share: { mode: 'mps' } },
        sizes.map((size) => ({ memory: `${size}Mi` })),
      ),
    fc.array(between(1, 12_000), { minLength: 1, maxLength: 4 }).map((sizes) => {
      const rest = 24 * 1024 - sizes.reduce((sum, size) => sum + size, 0)
      return [...sizes, Math.max(1, rest + 1)]
    }),
    fc.array(between(1, 6000), { minLength: 1, maxLength: 4 }),
  ),
  example(
    'SW1214',
    ({ memory, replicas }) =>
      shop({
        environments: [production()],
        machines: [machine('pc', { gpu: { model: 'RTX 4090', share: { mode: 'mps', replicas } } })],
        services: [model('model', { gpu: { memory: `${memory}Mi` } })],
      }),
    between(2, 8).map((replicas) => ({ replicas, memory: Math.floor((24 * 1024) / replicas) + 1 })),
    between(2, 8).map((replicas) => ({ replicas, memory: Math.floor((24 * 1024) / replicas) })),
  ),
  example(
    'SW1215',
    (memory) => withGpu({ model: 'RTX 4090', memory: `${memory}Gi` }),
    between(25, 200),
    between(1, 24),
  ),
  example(
    'SW1216',
    ({ mode, parts, engine }) =>
      shop({
        environments: [production({ engine })],
        machines: [
          machine('pc', { gpu: { model: 'RTX 4090', share: parts === undefined ? mode : { mode, replicas: parts } } }),
        ],
      }),
    oneOf('mps', 'time-slicing').map((mode) => ({ mode, parts: undefined, engine: 'kubernetes' as const })),
    fc.oneof(
      fc.tuple(oneOf('mps', 'time-slicing'), between(1, 9)).map(([mode, parts]) => {
        return { mode, parts, engine: 'kubernetes' as const }
      }),
      oneOf('mps', 'time-slicing').map((mode) => ({ mode, parts: undefined, engine: 'machine' as const })),
    ),
  ),
  example<ServiceSpec['rollout'] & {}>(
    'SW1217',
    (rollout) =>
      shop({
        machines: [machine('pc', { gpu: { model: 'RTX 4090', share: { mode: 'mps', replicas: 2 } } })],
        services: [model('vision', { gpu: 1, rollout }), model('speech', { gpu: 1, rollout })],
      }),
    oneOf('rolling', 'blue-green', 'canary'),
    fc.constant({ maxSurge: 0, maxUnavailable: 1 }),
  ),
  example(
    'SW2201',
    (mode) => sharing({ model: 'RTX 4090', share: { mode, replicas: 4 } }, [{ memory: '4Gi' }]),
    fc.constant('time-slicing' as const),
    fc.constant('mps' as const),
  ),
  example(
    'SW2202',
    ({ count, mode }) => sharing({ model: 'RTX 4090', count: 4, share: { mode } }, [{ count }]),
    fc.tuple(between(2, 4), oneOf('mps', 'time-slicing')).map(([count, mode]) => ({ count, mode })),
    fc.oneof(
      oneOf('mps', 'time-slicing').map((mode) => ({ count: 1, mode })),
      between(1, 4).map((count) => ({ count, mode: 'exclusive' as const })),
    ),
  ),
]
