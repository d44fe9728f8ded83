import type { Exit, Replica } from './replica-state.ts'

/** `exit 1: Error: no such table`, `killed by SIGSEGV`, `memory limit 256 MiB reached`. */
export function describeExit(exit: Exit): string {
  const how =
    exit.memoryLimit !== undefined
      ? `memory limit ${formatMemory(exit.memoryLimit)} reached`
      : exit.signal !== undefined
        ? `killed by ${exit.signal}`
        : exit.code !== undefined
          ? `exit ${exit.code}`
          : 'ended while no controller watched'
  return exit.lastLine ? `${how}: ${exit.lastLine}` : how
}

/** Bytes as a person writes a limit: `256 MiB`, `1.5 GiB`. */
export function formatMemory(bytes: number): string {
  const unit = bytes >= 2 ** 30 ? 'GiB' : bytes >= 2 ** 20 ? 'MiB' : 'KiB'
  const size = bytes / { GiB: 2 ** 30, MiB: 2 ** 20, KiB: 2 ** 10 }[unit]
  return `${Number(size.toFixed(1))} ${unit}`
}

/** Why a replica is where it is, in one sentence without full stop; undefined when there is nothing to explain. */
export function describeReplica(replica: Replica): string | undefined {
  const { state } = replica
  switch (state.phase) {
    case 'starting': {
      const { startup, ready } = state.health.tracks
      return ready?.detail ?? startup?.detail
    }
    case 'unready':
    case 'failed':
    case 'draining':
    case 'stopping':
    case 'killing':
      return state.why
    case 'backoff':
      return `last ${state.why}`
    case 'crash-looping':
      return `crash-looping, ${replica.restarts} restarts, last ${state.why}`
    case 'waiting':
    case 'launching':
    case 'ready':
    case 'gone':
      return undefined
    default:
      return state satisfies never
  }
}
