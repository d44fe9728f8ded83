import type { PathStep } from '../catalog-path.ts'
import type { GpuShare, MachineGpu } from '../resolved.generated.ts'
import type { Context } from './context.ts'
import { names } from './figures.ts'
import { gpuModels } from './gpu-model.ts'
import { modelsOn, profileIn } from './gpu-sharing.ts'
import { placeMig } from './mig-layout.ts'
import type { MigProfile } from './mig-profile.ts'
import { placings } from './placing.ts'
import { type Fault, type Rule, refusal } from './rule.ts'

/** Rules on partitioned GPUs. */
export const migRules: readonly Rule[] = [
  refusal({
    code: 'SW1201',
    title: 'MIG on a GPU without it',
    meaning:
      'Only some data-centre and RTX PRO Blackwell GPUs can be partitioned; GeForce cards, L4, L40S, T4 and V100 cannot. Share with MPS and memory caps, or by time-slicing.',
    *check({ fleet }) {
      for (const [name, { gpu }] of Object.entries(fleet.machines)) {
        if (gpu?.share.mode !== 'mig') continue
        const models = modelsOn(gpu)
        if (models.some(({ mig }) => mig)) continue
        const able = new Set(
          gpuModels.flatMap(({ name: sold, mig }) => (mig ? [sold.replace(/ \S*GB$| \d+/, '')] : [])),
        )
        yield {
          path: ['machines', name, 'gpu', 'share', 'mode'],
          message: `expected a GPU with MIG (${[...able].join(', ')}), found ${gpu.model}${models.length === 0 ? ', which is not known to have it' : ', which has none'}`,
          hint: `set \`share: { mode: 'mps', replicas: ${gpu.share.profiles?.length || 4} }\` and cap each service with \`gpu: { memory: ... }\`, or \`mode: 'time-slicing'\` without caps`,
        }
      }
    },
  }),
  refusal({
    code: 'SW1202',
    title: 'Unknown MIG profile',
    meaning: 'The GPU offers no profile of that name; names differ by model and memory.',
    *check({ fleet }) {
      for (const { gpu, path } of migMachines(fleet.machines)) {
        const tables = tablesOf(gpu)
        for (const [index, profile] of (gpu.share.profiles ?? []).entries()) {
          if (tables.some((table) => profileIn(table, profile))) continue
          yield {
            path: [...path, 'share', 'profiles', index],
            message: `expected a profile of ${gpu.model} (${[...new Set(tables.flatMap((table) => table.map(({ name }) => name)))].join(', ')}), found ${profile}`,
            hint: 'take one of these names',
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1203',
    title: 'MIG layout that no placement allows',
    meaning:
      'Each profile covers neighbouring memory slots and may begin only at some of them; these do not fit together on one GPU.',
    *check({ fleet }) {
      for (const { gpu, path } of migMachines(fleet.machines)) {
        const wanted = gpu.share.profiles ?? []
        if (wanted.length === 0) {
          yield {
            path: [...path, 'share', 'profiles'],
            message: 'expected the profiles that each GPU is cut into, found none',
            hint: `list them, such as [${(tablesOf(gpu)[0] ?? []).slice(0, 1).flatMap(({ name }) => [name, name])}]`,
          }
          continue
        }
        const layouts = tablesOf(gpu).map((table) => wanted.map((profile) => profileIn(table, profile)))
        const complete = layouts.filter((layout): layout is MigProfile[] => layout.every((one) => one !== undefined))
        if (complete.length === 0 || complete.some((layout) => placeMig(layout))) continue
        const fitting = fittingOf(complete[0] ?? []).map(({ name }) => name)
        yield {
          path: [...path, 'share', 'profiles'],
          message: `expected profiles that fit on one ${gpu.model} together, found ${wanted.join(' + ')}`,
          hint: `${fitting.join(' + ')} fits`,
        }
      }
    },
  }),
  refusal({
    code: 'SW1204',
    title: 'MIG together with MPS',
    meaning:
      'A GPU is shared in one way at a time: the Kubernetes device plugin offers MPS on whole GPUs only, and parts (`replicas`) and profiles (`profiles`) belong to different ways.',
    *check({ fleet }) {
      for (const [name, { gpu }] of Object.entries(fleet.machines)) {
        if (!gpu) continue
        yield* mixed(gpu.share, ['machines', name, 'gpu', 'share'])
      }
      for (const [key, programs] of [
        ['services', fleet.services],
        ['jobs', fleet.jobs],
      ] as const) {
        for (const [name, { gpu }] of Object.entries(programs)) {
          if (gpu?.share) yield* mixed(gpu.share, [key, name, 'gpu', 'share'])
          if (gpu?.profile === undefined || gpu.share === undefined || gpu.share.mode === 'mig') continue
          yield {
            path: [key, name, 'gpu', 'share', 'mode'],
            message: `expected mode mig beside the profile ${gpu.profile}, found ${gpu.share.mode}`,
            hint: `take \`profile\` away, or set \`share: 'mig'\``,
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1205',
    title: 'MIG profile that no machine is cut into',
    meaning: 'The service asks for a part that none of its machines has.',
    *check(context) {
      for (const { program, kind, machines } of placings(context)) {
        const profile = program.gpu?.profile
        if (profile === undefined || machines.length === 0) continue
        const offered = new Set(
          machines.flatMap(({ gpu }) => (gpu?.share.mode === 'mig' ? (gpu.share.profiles ?? []) : [])),
        )
        if (offered.has(profile)) continue
        yield {
          path: [kind, program.name, 'gpu', 'profile'],
          message: `expected a profile that ${names(machines.map(({ name }) => name))} offers (${[...offered].join(', ') || 'none: no MIG there'}), found ${profile}`,
          hint:
            offered.size > 0
              ? `ask for ${[...offered].join(' or ')}`
              : `cut a GPU into ${profile} with \`share: { mode: 'mig', profiles: ['${profile}'] }\`, or take \`profile\` away`,
        }
      }
    },
  }),
  refusal({
    code: 'SW1206',
    title: 'More MIG parts of a profile than there are',
    meaning: 'The replicas that ask for this profile are more than the parts of it on their machines.',
    *check(context) {
      const wanted = new Map<string, { sum: number; readonly who: string[]; readonly path: PathStep[] }>()
      const offered = new Map<string, number>()
      for (const { program, kind, machines, least } of placings(context)) {
        const { gpu } = program
        if (gpu?.profile === undefined || machines.length === 0) continue
        const key = `${gpu.profile} on ${names(machines.map(({ name }) => name).sort(), 99)}`
        const entry = wanted.get(key) ?? { sum: 0, who: [], path: [kind, program.name, 'gpu'] }
        entry.sum += least * gpu.count
        entry.who.push(program.name)
        wanted.set(key, entry)
        offered.set(
          key,
          machines.reduce((sum, machine) => sum + profileParts(machine.gpu, gpu.profile ?? ''), 0),
        )
      }
      for (const [key, { sum, who, path }] of wanted) {
        const parts = offered.get(key) ?? 0
        if (parts === 0 || sum <= parts) continue
        yield {
          path,
          message: `expected at most ${parts} parts of ${key}, found ${sum} wanted by ${names(who)}`,
          hint: 'ask for fewer replicas, or cut the GPUs into more parts of this profile',
        }
      }
    },
  }),
]

function profileParts(gpu: MachineGpu | undefined, profile: string): number {
  if (gpu?.share.mode !== 'mig') return 0
  return gpu.count * (gpu.share.profiles ?? []).filter((name) => name === profile).length
}

function* migMachines(
  machines: Context['fleet']['machines'],
): Iterable<{ readonly gpu: MachineGpu; readonly path: readonly PathStep[] }> {
  for (const [name, { gpu }] of Object.entries(machines)) {
    if (gpu?.share.mode === 'mig' && tablesOf(gpu).length > 0) yield { gpu, path: ['machines', name, 'gpu'] }
  }
}

function tablesOf(gpu: MachineGpu): readonly (readonly MigProfile[])[] {
  return modelsOn(gpu).flatMap(({ mig }) => (mig ? [mig] : []))
}

function* mixed(share: MachineGpu['share'] | GpuShare, path: readonly PathStep[]): Iterable<Fault> {
  if (share.mode !== 'mig' && (share.profiles?.length ?? 0) > 0) {
    yield {
      path: [...path, 'profiles'],
      message: `expected profiles with mode mig only, found them with ${share.mode}`,
      hint: `MIG and ${share.mode} exclude each other: take \`profiles\` away, or set mode \`mig\``,
    }
  }
  if (share.mode === 'mig' && share.replicas !== undefined) {
    yield {
      path: [...path, 'replicas'],
      message: `expected parts by \`replicas\` with MPS or time-slicing only, found ${share.replicas} with mig`,
      hint: 'MIG and MPS exclude each other: take `replicas` away and list `profiles`, or set mode `mps`',
    }
  }
}

/** The largest of the wanted profiles that fit together, taken one by one. */
function fittingOf(wanted: readonly MigProfile[]): readonly MigProfile[] {
  const fitting: MigProfile[] = []
  for (const profile of [...wanted].sort((a, b) => b.slots - a.slots)) {
    if (placeMig([...fitting, profile])) fitting.push(profile)
  }
  return fitting
}
