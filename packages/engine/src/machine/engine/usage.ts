import type { ProcessTable } from '../process/process-table.ts'

/** What a replica's processes take. */
export interface Usage {
  /** Cores, averaged since the sample before. */
  readonly cpu: number
  /** Bytes of resident memory. */
  readonly memory: number
}

/** Reads the process table now and then and says what each process group takes. */
export class UsageMeter {
  readonly #table: ProcessTable
  #before = new Map<number, { readonly startTime: string; readonly cpuMs: number }>()
  #at: number | undefined
  #usage = new Map<number, Usage>()

  constructor(table: ProcessTable) {
    this.#table = table
  }

  /** Takes a sample at `now`, ms of the monotonic clock. */
  sample(now: number): void {
    const before = this.#before
    const elapsed = this.#at === undefined ? undefined : now - this.#at
    const after = new Map<number, { readonly startTime: string; readonly cpuMs: number }>()
    const usage = new Map<number, { cpu: number; memory: number }>()
    for (const { pid, group, startTime, cpuMs, memory, zombie } of this.#table.all()) {
      if (zombie) continue
      after.set(pid, { startTime, cpuMs })
      const known = before.get(pid)
      const used = known?.startTime === startTime ? cpuMs - known.cpuMs : cpuMs
      const sum = usage.get(group) ?? { cpu: 0, memory: 0 }
      sum.cpu += elapsed ? used / elapsed : 0
      sum.memory += memory
      usage.set(group, sum)
    }
    this.#before = after
    this.#at = now
    this.#usage = usage
  }

  /** What the group of that leader took in the last sample. */
  of(group: number | undefined): Usage | undefined {
    return group === undefined ? undefined : this.#usage.get(group)
  }
}
