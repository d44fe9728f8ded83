import type { JobState, ReplicaPhase, ReplicaView, VersionState } from '../../contract-state.ts'
import { describeReplica } from '../../supervisor/describe.ts'
import type { JobProgress } from '../../supervisor/job-state.ts'
import { processOf, type Replica } from '../../supervisor/replica-state.ts'
import type { Supervisor } from '../../supervisor/supervisor.ts'
import { explainWait } from '../../supervisor/waits.ts'
import type { DesiredService, DesiredVersion } from '../desired/desired.ts'
import type { Usage } from './usage.ts'

/** Turns ms of the monotonic clock into ms since the Unix epoch. */
export type ToWall = (at: number) => number

/** A replica as others see it. */
export function replicaView(
  replica: Replica,
  supervisor: Supervisor,
  toWall: ToWall,
  usage: Usage | undefined,
): ReplicaView {
  const { state } = replica
  const [service = replica.unit, version = ''] = replica.unit.split(/@(.*)/)
  const unit = supervisor.units.get(replica.unit)
  const waits = state.phase === 'waiting' && unit ? explainWait(unit.needs, supervisor) : undefined
  const reason = waits ?? describeReplica(replica)
  const process = processOf(state)
  return {
    replica: replica.id,
    service: service.replace(/^(postgres|redis):/, ''),
    version: version === '' ? (service.split(':')[0] ?? '') : version,
    phase: phaseOf(state.phase),
    since: Math.round(toWall(state.since)),
    restarts: replica.restarts,
    ...(reason !== undefined && { reason }),
    ...(replica.address !== undefined && { address: replica.address }),
    ...(process && { pid: process.pid }),
    ...(process && usage && { cpu: usage.cpu, memory: usage.memory }),
  }
}

function phaseOf(phase: Replica['state']['phase']): ReplicaPhase {
  if (phase === 'launching') return 'starting'
  return phase === 'killing' ? 'stopping' : phase
}

/** A version as others see it. */
export function versionView(service: DesiredService, version: DesiredVersion, ready: number): VersionState {
  return {
    service: service.service,
    version: version.version,
    spec: version.spec,
    stable: service.stable === version.version,
    share: version.share,
    replicas: version.replicas,
    ready,
    createdAt: version.createdAt,
  }
}

/** A run of a job as others see it. */
export function jobView(job: JobProgress, supervisor: Supervisor): JobState {
  const { state, run, attempt } = job
  const reason = state.phase === 'waiting' ? explainWait(run.needs, supervisor) : 'why' in state ? state.why : undefined
  return {
    job: run.job,
    key: run.key,
    phase: jobPhase(state.phase),
    attempts: attempt,
    ...(reason !== undefined && { reason }),
  }
}

function jobPhase(phase: JobProgress['state']['phase']): JobState['phase'] {
  switch (phase) {
    case 'launching':
    case 'killing':
      return 'running'
    case 'backoff':
      return 'waiting'
    default:
      return phase
  }
}
