import type { EngineEvent, Observation } from '@seaworthy/engine'
import type { Io } from '../io.ts'
import { paint } from '../paint.ts'

/** What an event says to a person who reads a log; nothing for those that say nothing new. */
export function eventLines(event: EngineEvent | Observation, io: Pick<Io, 'color'>): readonly string[] {
  const { bad, good, dim } = paint(io.color)
  switch (event.kind) {
    case 'replica': {
      const { replica, phase, reason } = event.replica
      const tint =
        phase === 'ready' ? good : ['failed', 'crash-looping', 'backoff', 'unready'].includes(phase) ? bad : dim
      return [`${replica}  ${tint(phase)}${reason && phase !== 'ready' ? `  ${reason}` : ''}`]
    }
    case 'resource':
      return [
        `${event.resource}  ${event.ready ? good('ready') : bad('not ready')}${event.reason ? `  ${event.reason}` : ''}`,
      ]
    case 'job':
      return [
        `job ${event.job}  ${event.phase === 'failed' ? bad(event.phase) : event.phase}${event.reason ? `  ${event.reason}` : ''}`,
      ]
    case 'version':
      return [`${event.service}@${event.version}  ${event.change}`]
    case 'routed':
      return [
        `${event.service}  ${Object.entries(event.shares)
          .map(([version, share]) => `${version} ${share * 100} %`)
          .join(', ')}`,
      ]
    case 'limitation':
      return [dim(`not enforced here: ${event.what} (${event.why}). ${event.hint}`)]
    case 'stuck':
      return event.reasons.map((reason) => bad(reason))
    case 'started':
    case 'synced':
    case 'settled':
      return []
    default:
      return event satisfies never
  }
}
