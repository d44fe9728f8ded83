import { fourSlices, type MigProfile, sevenSlices, twoSlices } from './mig-profile.ts'

/** A GPU as it is sold. */
export interface GpuModel {
  /** Name as people write it. */
  readonly name: string
  /** Letters and digits of the name that tell it from others. */
  readonly pattern: RegExp
  /** Memory, GB as it is advertised. */
  readonly memory: number
  /** How it can be partitioned; undefined where MIG does not exist. */
  readonly mig?: readonly MigProfile[]
}

/**
 * GPUs whose sizes are known. MIG: NVIDIA's list of supported GPUs and profiles (MIG user guide, 2026) and the layouts of
 * NVIDIA/mig-parted; placements from `nvidia-smi mig -lgipp` of A100, H100 80 GB and H100 NVL, which agree.
 */
export const gpuModels: readonly GpuModel[] = [
  { name: 'A100 40GB', pattern: /a100(?!.*80)/, memory: 40, mig: sevenSlices(5, 10, 10, 20, 40) },
  { name: 'A100 80GB', pattern: /a100(?!.*40g)/, memory: 80, mig: sevenSlices(10, 20, 20, 40, 80) },
  { name: 'H100 80GB', pattern: /h100(?!.*(94|96|nvl))/, memory: 80, mig: sevenSlices(10, 20, 20, 40, 80) },
  { name: 'H100 NVL 94GB', pattern: /h100(?!.*(80|96))/, memory: 94, mig: sevenSlices(12, 24, 24, 47, 94) },
  { name: 'H100 96GB', pattern: /(?<!g)h100(?!.*(80|94|nvl))/, memory: 96, mig: sevenSlices(12, 24, 24, 48, 96) },
  { name: 'H20 96GB', pattern: /h20(?!0)/, memory: 96, mig: sevenSlices(12, 24, 24, 48, 96) },
  { name: 'GH200 96GB', pattern: /gh200(?!.*144)/, memory: 96, mig: sevenSlices(12, 24, 24, 48, 96) },
  { name: 'GH200 144GB', pattern: /gh200(?!.*96)/, memory: 144, mig: sevenSlices(18, 36, 36, 72, 144) },
  { name: 'H200 141GB', pattern: /(?<!g)h200/, memory: 141, mig: sevenSlices(18, 35, 35, 71, 141) },
  { name: 'B200 180GB', pattern: /(?<!g)b200/, memory: 180, mig: sevenSlices(23, 45, 45, 90, 180) },
  { name: 'GB200 189GB', pattern: /gb200/, memory: 189, mig: sevenSlices(24, 47, 47, 95, 189) },
  { name: 'A30 24GB', pattern: /a30(?!0)/, memory: 24, mig: fourSlices(6) },
  { name: 'RTX PRO 6000 Blackwell', pattern: /rtxpro6000/, memory: 96, mig: fourSlices(24) },
  { name: 'RTX PRO 5000 Blackwell', pattern: /rtxpro5000/, memory: 48, mig: twoSlices(24) },
  { name: 'RTX PRO 4500 Blackwell', pattern: /rtxpro4500/, memory: 32, mig: twoSlices(16) },
  { name: 'RTX 5090', pattern: /5090/, memory: 32 },
  { name: 'RTX 5080', pattern: /5080/, memory: 16 },
  { name: 'RTX 5070', pattern: /5070/, memory: 16 },
  { name: 'RTX 4090', pattern: /4090/, memory: 24 },
  { name: 'RTX 4080', pattern: /4080/, memory: 16 },
  { name: 'RTX 4070', pattern: /4070/, memory: 16 },
  { name: 'RTX 4060', pattern: /4060/, memory: 16 },
  { name: 'RTX 3090', pattern: /3090/, memory: 24 },
  { name: 'RTX 3080', pattern: /3080/, memory: 12 },
  { name: 'RTX 3070', pattern: /3070/, memory: 8 },
  { name: 'RTX 3060', pattern: /3060/, memory: 12 },
  { name: 'RTX 6000 Ada', pattern: /6000ada/, memory: 48 },
  { name: 'RTX A6000', pattern: /a6000/, memory: 48 },
  { name: 'L40S', pattern: /l40/, memory: 48 },
  { name: 'L4', pattern: /(?<![a-z0-9])l4(?!\d)/, memory: 24 },
  { name: 'A40', pattern: /(?<![a-z0-9])a40(?!\d)/, memory: 48 },
  { name: 'A16', pattern: /(?<![a-z0-9])a16(?!\d)/, memory: 64 },
  { name: 'A10', pattern: /(?<![a-z0-9])a10g?(?!\d)/, memory: 24 },
  { name: 'A2', pattern: /(?<![a-z0-9])a2(?!\d)/, memory: 16 },
  { name: 'T4', pattern: /(?<![a-z0-9])t4(?!\d)/, memory: 16 },
  { name: 'V100', pattern: /v100/, memory: 32 },
  { name: 'P100', pattern: /p100/, memory: 16 },
]

/** The models that a written name (and, where given, a memory in bytes) may stand for; none when it is not known. */
export function modelsOf(written: string, memory?: number): readonly GpuModel[] {
  const text = written
    .toLowerCase()
    .replace(/nvidia|geforce|tesla/g, '')
    .replace(/[^a-z0-9]+/g, '')
  const named = gpuModels.filter(({ pattern }) => pattern.test(text))
  if (memory === undefined) return named
  const sized = named.filter((model) => Math.abs(memory / 2 ** 30 / model.memory - 0.97) < 0.08)
  return sized.length > 0 ? sized : named
}
