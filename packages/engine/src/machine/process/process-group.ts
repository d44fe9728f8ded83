import type { ProcessIdentity } from '../../supervisor/replica-state.ts'
import type { ProcessEntry, ProcessTable } from './process-table.ts'

/** Whether the very process still runs (and not a later one with its number, or its zombie). */
export function isAlive(table: ProcessTable, process: ProcessIdentity): boolean {
  const entry = table.find(process.pid)
  return entry !== undefined && !entry.zombie && entry.startTime === process.startTime
}

/**
 * Live members of a process group, zombies left out: where nothing collects them they stay, and `kill(-group, 0)`
 * would succeed for ever.
 */
export function membersOf(table: ProcessTable, group: number): readonly ProcessEntry[] {
  if (!signalGroup(group, 0)) return []
  return table.all().filter((entry) => entry.group === group && !entry.zombie)
}

/**
 * Processes that carry the mark in their environment, in whatever group: children that left the group are found so.
 * Not every system shows the environment of others; there the answer is empty.
 */
export function markedWith(table: ProcessTable, name: string, value: string): readonly ProcessEntry[] {
  return table.all().filter((entry) => !entry.zombie && table.environment(entry.pid, name) === value)
}

/** Sends a signal to every member of a group; false when there is none. 0 only asks. */
export function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, signal)
    return true
  } catch (error) {
    // EPERM: members exist, but none that we may signal.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Sends a signal to one process, if it is still that one. */
export function signalProcess(table: ProcessTable, target: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(table, target)) return false
  try {
    process.kill(target.pid, signal)
    return true
  } catch {
    return false
  }
}
