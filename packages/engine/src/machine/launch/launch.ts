import type { Bounds } from '../limits/limits.ts'
import type { SpawnRequest } from '../process/spawn.ts'

/** Everything needed to start a program, to run commands beside it, and to end it. */
export interface Launch {
  readonly request: Omit<SpawnRequest, 'joins' | 'logFile'>
  readonly bounds?: Bounds
  /** Where it listens. */
  readonly address?: string
  /** Values that must not be shown. */
  readonly masks: readonly string[]
  readonly stopSignal: NodeJS.Signals
  /** Command before the stop signal. */
  readonly stopCommand?: readonly string[]
  /** Removes what only this start needed: secret files, a container. */
  readonly cleanUp: () => Promise<void>
  /** Why it runs with more rights than it should; absent when it does not. */
  readonly concession?: string
}
