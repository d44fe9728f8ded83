import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os'

/** The machine that a measurement was taken on, as far as it explains the numbers. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly os: string
  readonly node: string
  /** Runnable processes averaged over the last minute when the run began: above `cores`, the machine was not ours alone. */
  readonly load: number
}

/** Describes this machine. */
export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round((totalmem() / 2 ** 30) * 10) / 10,
    os: `${type()} ${release()}`,
    node: process.version,
    load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  }
}
