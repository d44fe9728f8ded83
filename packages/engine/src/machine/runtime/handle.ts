import type { ProcessIdentity } from '../../supervisor/replica-state.ts'
import type { Launch } from '../launch/launch.ts'
import type { Fence } from '../limits/limits.ts'
import { isAlive, markedWith, membersOf, signalGroup } from '../process/process-group.ts'
import type { ProcessTable } from '../process/process-table.ts'

/** Variable that every program started here carries, so that it is found again whatever became of who started it. */
export const markName = 'SEAWORTHY_MARK'

/** What the driver knows of a program that runs, besides what the supervisor does. */
export interface Handle {
  /** Value of its mark. */
  readonly mark: string
  readonly launch?: Launch
  readonly fence?: Fence
  /** Memory kills before this launch. */
  readonly memoryKillsBefore: number
  /** Whether this process started it, so that its end is told by the system. */
  readonly own: boolean
}

/** Pids of whatever is left of a program: its group, its fence, and what carries its mark. Zombies are not. */
export function leftovers(
  table: ProcessTable,
  process: ProcessIdentity,
  handle: Handle | undefined,
): readonly number[] {
  const group = membersOf(table, process.pid).filter(
    (entry) => entry.pid !== process.pid || entry.startTime === process.startTime,
  )
  if (group.length > 0) return group.map((entry) => entry.pid)
  const fenced = (handle?.fence?.members() ?? []).filter((pid) => table.find(pid)?.zombie === false)
  if (fenced.length > 0) return fenced
  return handle ? markedWith(table, markName, handle.mark).map((entry) => entry.pid) : []
}

/** Sends SIGKILL to all that is left of a program. */
export function killAll(table: ProcessTable, target: ProcessIdentity, handle: Handle | undefined): void {
  if (isAlive(table, target) || membersOf(table, target.pid).length > 0) signalGroup(target.pid, 'SIGKILL')
  const rest = [
    ...(handle?.fence?.members() ?? []),
    ...(handle ? markedWith(table, markName, handle.mark).map((entry) => entry.pid) : []),
  ]
  for (const pid of rest) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended meanwhile.
    }
  }
}
