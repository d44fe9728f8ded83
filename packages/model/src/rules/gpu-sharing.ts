import type { Gpu, Machine, MachineGpu } from '../resolved.generated.ts'
import { type GpuModel, modelsOf } from './gpu-model.ts'
import type { MigProfile } from './mig-profile.ts'

/** Clients that one GPU admits under MPS (Volta and newer). */
export const mpsClients = 48

/** Parts that the GPUs of a machine come to, as far as its way of sharing bounds them. */
export function partsOf({ count, share }: MachineGpu): number {
  switch (share.mode) {
    case 'exclusive':
      return count
    case 'time-slicing':
      return count * (share.replicas ?? Number.POSITIVE_INFINITY)
    case 'mps':
      return count * (share.replicas ?? mpsClients)
    case 'mig':
      return count * (share.profiles?.length ?? 0)
    default:
      return share.mode satisfies never
  }
}

/** Memory of one GPU in bytes: as stated, or as the model has it; undefined when neither is known or it is ambiguous. */
export function memoryOf(gpu: MachineGpu): number | undefined {
  if (gpu.memory !== undefined) return gpu.memory
  const sizes = new Set(modelsOf(gpu.model).map((model) => model.memory))
  return sizes.size === 1 ? ([...sizes][0] ?? 0) * 2 ** 30 : undefined
}

/** The models that a machine's GPUs may be. */
export function modelsOn(gpu: MachineGpu): readonly GpuModel[] {
  return modelsOf(gpu.model, gpu.memory)
}

/** A profile of a table by its name; graphics and media variants have the size of the plain one. */
export function profileIn(table: readonly MigProfile[], name: string): MigProfile | undefined {
  const plain = name.replace(/(\+gfx|-me|\+me\.all)$/, '')
  return table.find((profile) => profile.name === name) ?? table.find((profile) => profile.name === plain)
}

/** How a program's GPU is shared on a machine: as it asks, or as the machine does. */
export function modeOn(gpu: Gpu, machine: Machine): MachineGpu['share']['mode'] | undefined {
  return gpu.share?.mode ?? machine.gpu?.share.mode
}
