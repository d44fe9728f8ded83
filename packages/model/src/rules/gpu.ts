import type { Gpu, Machine } from '../resolved.generated.ts'
import type { Context } from './context.ts'
import { bytes, count, names, rounded } from './figures.ts'
import { memoryOf, modelsOn, modeOn, partsOf } from './gpu-sharing.ts'
import { crowds, type Placing, placings } from './placing.ts'
import { surgeOf } from './replica-count.ts'
import { type Rule, refusal, warning } from './rule.ts'

/** Rules on GPUs that are whole, time-sliced or shared by MPS. */
export const gpuRules: readonly Rule[] = [
  refusal({
    code: 'SW1210',
    title: 'GPU where there is none',
    meaning: 'The service wants a GPU, but no machine that it may run on has one.',
    *check(context) {
      for (const { program, kind, machines } of placings(context)) {
        if (!program.gpu || machines.length === 0 || machines.some(({ gpu }) => gpu)) continue
        const able = Object.values(context.fleet.machines).filter(({ gpu }) => gpu)
        yield {
          path: [kind, program.name, 'gpu'],
          message: `expected a machine with a GPU, found ${names(machines.map(({ name }) => name))} without one`,
          hint:
            able.length > 0
              ? `place it on ${able.map(({ name }) => name).join(' or ')}, or take \`gpu\` away`
              : 'state the GPU of a machine, or take `gpu` away',
        }
      }
    },
  }),
  refusal({
    code: 'SW1211',
    title: 'More GPU parts than there are',
    meaning:
      'The replicas that are bound to these machines want more GPUs, or parts of shared ones, than the machines have.',
    *check(context) {
      for (const { machines, wanting, least } of gpuCrowds(context)) {
        const parts = machines.reduce((sum, { gpu }) => sum + (gpu ? partsOf(gpu) : 0), 0)
        if (least <= parts) continue
        const first = wanting[0]
        if (!first) continue
        yield {
          path: [first.kind, first.program.name, 'gpu'],
          message: `expected at most ${count(parts, 'GPU part')} on ${names(machines.map(({ name }) => name))}, found ${rounded(least)} wanted by ${names(
            wanting.map(({ program }) => program.name),
            6,
          )}`,
          hint: `share each GPU \`${machines[0]?.gpu?.share.mode === 'exclusive' ? 'mps' : machines[0]?.gpu?.share.mode}\` in ${Math.ceil(least / Math.max(1, gpusOn(machines)))} parts, or run fewer replicas`,
        }
      }
    },
  }),
  refusal({
    code: 'SW1212',
    title: 'GPU shared in another way than its machine',
    meaning: 'A GPU is shared in one way for all who use it, so a service cannot choose a different one.',
    *check(context) {
      for (const { program, kind, machines } of placings(context)) {
        const wanted = program.gpu?.share?.mode
        const modes = new Set(machines.flatMap(({ gpu }) => (gpu ? [gpu.share.mode] : [])))
        if (wanted === undefined || modes.size === 0 || modes.has(wanted)) continue
        yield {
          path: [kind, program.name, 'gpu', 'share', 'mode'],
          message: `expected the mode of ${names(machines.map(({ name }) => name))} (${[...modes].join(' or ')}), found ${wanted}`,
          hint: 'take `share` away, so that the machine decides, or change it on the machine for everyone',
        }
      }
    },
  }),
  refusal({
    code: 'SW1213',
    title: 'GPU memory over-committed',
    meaning:
      'The services that are bound to these machines may together use more GPU memory than there is; the last to ask gets an out-of-memory error.',
    *check(context) {
      for (const { machines, wanting } of gpuCrowds(context)) {
        const known = machines.map(({ gpu }) => (gpu ? totalMemory(gpu) : 0))
        if (known.some((memory) => memory === undefined)) continue
        const room = known.reduce<number>((sum, memory) => sum + (memory ?? 0), 0)
        const asking = wanting.filter(({ program }) => program.gpu?.memory !== undefined)
        const asked = asking.reduce((sum, placing) => sum + memoryAsked(placing), 0)
        const first = asking[0]
        if (asked <= room || !first) continue
        const list = asking.map((placing) => `${placing.program.name} ${bytes(memoryAsked(placing))}`)
        yield {
          path: [first.kind, first.program.name, 'gpu', 'memory'],
          message: `expected at most ${bytes(room)} of GPU memory on ${names(machines.map(({ name }) => name))}, found ${bytes(asked)} (${names(list, 6)})`,
          hint: `take ${bytes(asked - room)} away from their \`gpu.memory\``,
        }
      }
    },
  }),
  refusal({
    code: 'SW1214',
    title: 'GPU memory above one part of it',
    meaning: 'A replica asks for more memory than the GPU, or the part of it that it gets, has.',
    *check(context) {
      for (const { program, kind, machines } of placings(context)) {
        const { gpu } = program
        if (gpu?.memory === undefined) continue
        const parts = machines.flatMap((machine) => partMemory(gpu, machine, context) ?? [])
        if (parts.length === 0 || parts.length < machines.filter((machine) => machine.gpu).length) continue
        const largest = Math.max(...parts)
        if (gpu.memory <= largest) continue
        yield {
          path: [kind, program.name, 'gpu', 'memory'],
          message: `expected at most ${bytes(largest)}, what one part on ${names(machines.map(({ name }) => name))} has, found ${bytes(gpu.memory)}`,
          hint: `set \`gpu.memory\` to ${bytes(largest)} or less, or cut the GPU into fewer parts`,
        }
      }
    },
  }),
  refusal({
    code: 'SW1215',
    title: 'GPU with more memory than its model has',
    meaning: 'The stated memory is more than a GPU of this name is sold with.',
    *check({ fleet }) {
      for (const [name, { gpu }] of Object.entries(fleet.machines)) {
        if (gpu?.memory === undefined) continue
        const models = modelsOn(gpu)
        const most = Math.max(...models.map((model) => model.memory))
        if (models.length === 0 || gpu.memory <= most * 2 ** 30) continue
        yield {
          path: ['machines', name, 'gpu', 'memory'],
          message: `expected at most ${rounded(most)} GB for a ${gpu.model}, found ${bytes(gpu.memory)}`,
          hint: `set \`memory: '${rounded(most)}GB'\`, or correct the model`,
        }
      }
    },
  }),
  refusal({
    code: 'SW1216',
    title: 'Shared GPU without a number of parts on Kubernetes',
    meaning: 'The device plugin must be told into how many parts it divides each GPU.',
    *check({ fleet, environment }) {
      if (environment.engine !== 'kubernetes') return
      for (const [name, { gpu }] of Object.entries(fleet.machines)) {
        if (!gpu || gpu.share.replicas !== undefined) continue
        if (gpu.share.mode !== 'mps' && gpu.share.mode !== 'time-slicing') continue
        yield {
          path: ['machines', name, 'gpu', 'share', 'replicas'],
          message: `expected a number of parts for ${gpu.share.mode} on Kubernetes, found none`,
          hint: `set \`share: { mode: '${gpu.share.mode}', replicas: 4 }\``,
        }
      }
    },
  }),
  refusal({
    code: 'SW1217',
    title: 'GPU without a part for a release',
    meaning:
      'A release runs new replicas beside the old ones, but every part of the GPUs is taken, so the new ones would wait for ever.',
    *check(context) {
      for (const { machines, wanting, least } of gpuCrowds(context)) {
        const parts = machines.reduce((sum, { gpu }) => sum + (gpu ? partsOf(gpu) : 0), 0)
        if (least > parts) continue
        for (const { program, kind } of wanting) {
          if (!('rollout' in program)) continue
          const extra = surgeOf(program) * (program.gpu?.count ?? 0)
          if (least + extra <= parts) continue
          yield {
            path: [kind, program.name, 'rollout', 'maxSurge'],
            message: `expected ${count(extra, 'free GPU part')} on ${names(machines.map(({ name }) => name))} while ${program.name} is released (${program.rollout.strategy}), found ${rounded(parts - least)} of ${rounded(parts)}`,
            hint: 'set `rollout: { maxSurge: 0, maxUnavailable: 1 }`, so that the new version takes the place of the old, or cut the GPU into more parts',
          }
        }
      }
    },
  }),
  warning({
    code: 'SW2201',
    title: 'GPU memory cap that nothing enforces',
    meaning:
      'Time-slicing has no memory limit: the stated memory is a plan, and one service that exceeds it takes the others down. MPS and MIG enforce it.',
    *check(context) {
      for (const { program, kind, machines } of placings(context)) {
        const { gpu } = program
        if (gpu?.memory === undefined) continue
        const sliced = machines.find((machine) => machine.gpu && modeOn(gpu, machine) === 'time-slicing')
        if (!sliced) continue
        yield {
          path: [kind, program.name, 'gpu', 'memory'],
          message: `expected a way of sharing that enforces ${bytes(gpu.memory)}, found time-slicing on ${sliced.name}`,
          hint: "set `share: 'mps'` on the machine, which caps the memory of each client",
        }
      }
    },
  }),
  warning({
    code: 'SW2202',
    title: 'Several parts of a shared GPU',
    meaning:
      'Two parts of a time-sliced or MPS-shared GPU are not twice as fast as one; the Kubernetes device plugin refuses to hand them out.',
    *check(context) {
      for (const { program, kind, machines } of placings(context)) {
        const { gpu } = program
        if (!gpu || gpu.count === 1) continue
        const shared = machines.find((machine) => {
          const mode = machine.gpu && modeOn(gpu, machine)
          return mode === 'mps' || mode === 'time-slicing'
        })
        if (!shared) continue
        yield {
          path: [kind, program.name, 'gpu', 'count'],
          message: `expected 1 part of the shared GPU on ${shared.name}, found ${gpu.count}`,
          hint: 'ask for one part; to have more of the GPU, cut it into fewer',
        }
      }
    },
  }),
]

interface GpuCrowd {
  readonly machines: readonly Machine[]
  readonly wanting: readonly Placing[]
  /** Parts wanted by as few replicas as there may be. */
  readonly least: number
}

/** Services that want a GPU by the machines they are bound to; jobs come and go, so they are not counted. */
function gpuCrowds(context: Context): readonly GpuCrowd[] {
  const wanting = placings(context)
    .filter(({ program, kind }) => program.gpu && kind === 'services')
    .map((placing) => ({ ...placing, machines: placing.machines.filter(({ gpu }) => gpu) }))
  return crowds(wanting).map(({ machines, placings: bound }) => ({
    machines,
    wanting: bound,
    least: bound.reduce((sum, { program, least }) => sum + least * (program.gpu?.count ?? 0), 0),
  }))
}

function gpusOn(machines: readonly Machine[]): number {
  return machines.reduce((sum, { gpu }) => sum + (gpu?.count ?? 0), 0)
}

function totalMemory(gpu: NonNullable<Machine['gpu']>): number | undefined {
  const each = memoryOf(gpu)
  return each === undefined ? undefined : each * gpu.count
}

function memoryAsked({ program, least }: Placing): number {
  return (program.gpu?.memory ?? 0) * (program.gpu?.count ?? 1) * least
}

/** Memory in bytes of what one unit of `count` is on a machine; undefined when it is not known. */
function partMemory(gpu: Gpu, machine: Machine, { environment }: Context): number | undefined {
  if (!machine.gpu) return undefined
  const each = memoryOf(machine.gpu)
  const { share } = machine.gpu
  if (share.mode === 'mig') {
    const profile = gpu.profile ?? share.profiles?.[0]
    const size = /\.(\d+)gb/.exec(profile ?? '')?.[1]
    return size === undefined ? undefined : Number(size) * 2 ** 30
  }
  // The device plugin gives every MPS client the same part; on a machine of its own each client has its own cap.
  if (share.mode === 'mps' && environment.engine === 'kubernetes' && each !== undefined) {
    return each / (share.replicas ?? 1)
  }
  return each
}
