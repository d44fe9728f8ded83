import type { EndpointLoad } from '../core/data-plane.ts'
import type { EngineKind } from '../core/engine.ts'
import type { OpenListener } from '../core/gateway.ts'
import type { Member } from './worker-set.ts'

/** What a gateway says of itself. */
export interface GatewayStatus {
  /** The holder's process id; it changes when the gateway is upgraded or gets a new listener. */
  readonly pid: number
  /** ms since the Unix epoch. */
  readonly startedAt: number
  readonly engine: EngineKind
  /** Whether all workers serve the snapshot in force. */
  readonly ready: boolean
  /** 0 when there is none yet. */
  readonly snapshotVersion: number
  readonly listeners: readonly OpenListener[]
  readonly workers: readonly WorkerStatus[]
  /** Summed over the workers. */
  readonly endpoints: readonly EndpointLoad[]
  /** Requests that wait for a replica. */
  readonly held: number
}

/** One worker process. */
export interface WorkerStatus {
  readonly id: string
  readonly pid: number
  readonly epoch: string
  readonly state: 'active' | 'retired'
  readonly snapshotVersion: number
  readonly connections: number
  readonly inFlight: number
  /** Bytes of resident memory. */
  readonly memory: number
  readonly logLost: number
}

/** A worker's part of the status, from its last report. */
export function workerStatus(member: Member): WorkerStatus {
  const { id, pid, epoch, state, snapshotVersion, report } = member
  return {
    id,
    pid,
    epoch,
    state,
    snapshotVersion,
    connections: report?.connections ?? 0,
    inFlight: report?.inFlight ?? 0,
    memory: report?.memory ?? 0,
    logLost: report?.logLost ?? 0,
  }
}

/** The loads of all workers, added up by service and endpoint. */
export function sumLoads(loads: readonly EndpointLoad[]): EndpointLoad[] {
  const sums = new Map<string, EndpointLoad>()
  for (const load of loads) {
    const key = `${load.service}\0${load.id}\0${load.state}`
    const sum = sums.get(key)
    sums.set(
      key,
      sum === undefined
        ? load
        : { ...sum, inFlight: sum.inFlight + load.inFlight, streams: sum.streams + load.streams },
    )
  }
  return [...sums.values()]
}
