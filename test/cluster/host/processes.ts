import { readdirSync, readFileSync } from 'node:fs'

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number
  /** Clock ticks after boot at which it started (proc(5), `stat`, field 22). */
  readonly startTime: number
}

interface Stat {
  readonly state: string
  readonly parent: number
  readonly threads: number
  readonly startTime: number
}

function readStat(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The second field is the program's name in brackets and may hold anything, brackets too.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return {
      state: fields[0] ?? '',
      parent: Number(fields[1]),
      threads: Number(fields[17]),
      startTime: Number(fields[19]),
    }
  } catch {
    return undefined
  }
}

/** The identity of a living process, or nothing. */
export function identify(pid: number): ProcessIdentity | undefined {
  const stat = readStat(pid)
  return stat && { pid, startTime: stat.startTime }
}

/**
 * Whether that very process still runs; a zombie does not, but for one whose other threads have not ended yet: those still
 * hold its files and its listening ports.
 */
export function isAlive({ pid, startTime }: ProcessIdentity): boolean {
  const stat = readStat(pid)
  if (stat === undefined || stat.startTime !== startTime) return false
  return !'ZX'.includes(stat.state) || stat.threads > 1
}

/** Numbers of all processes. */
export function allProcesses(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

/** Children of a process. */
export function childrenOf(pid: number): readonly number[] {
  return allProcesses().filter((other) => readStat(other)?.parent === pid)
}

/** Processes that were started with `NAME=value` in their environment. */
export function processesWith(name: string, value: string): readonly number[] {
  const wanted = `${name}=${value}`
  return allProcesses().filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(wanted)
    } catch {
      return false
    }
  })
}

/** Sends a signal; a process that is gone already is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
