import type { Limitation } from '../../contract-state.ts'

/** Bounds of one replica. */
export interface Bounds {
  /** Cores. */
  readonly cpu: number
  /** Bytes. */
  readonly memory: number
  /** Processes and threads. */
  readonly pids: number
}

/** The fence around one replica's processes. */
export interface Fence {
  /** Files that a process writes `0` to in order to be inside. */
  readonly joins: readonly string[]
  /** Processes killed inside for want of memory, since the fence was made. */
  readonly memoryKills: () => number
  /** Pids inside, in whatever process group. */
  readonly members: () => readonly number[]
  /** Bounds CPU time from now on; until then a starting program may use what is idle. */
  readonly boundCpu: () => void
  /** Takes the fence away once nothing is inside; false while something is. */
  readonly remove: () => boolean
}

/** Makes fences, as far as the machine allows. */
export interface Limits {
  /** What cannot be enforced here, with the way to get it. */
  readonly limitations: readonly Limitation[]
  /** Throws when the system refuses. */
  readonly fence: (name: string, bounds: Bounds) => Fence
}

const unfenced: Fence = { joins: [], memoryKills: () => 0, members: () => [], boundCpu: () => {}, remove: () => true }

/** No limits at all, and why. */
export function noLimits(why: string, hint: string): Limits {
  return {
    limitations: [{ what: 'CPU, memory and process limits', why, hint }],
    fence: () => unfenced,
  }
}
