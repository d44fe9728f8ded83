import { untilReady } from '@seaworthy/engine'
import type { ReleasePorts } from '../ports.ts'
import type { ReleaseState } from '../release-state.ts'
import { dealOf } from './deal.ts'

/**
 * Takes everything back: traffic first where the previous version can bear it, then replicas, then the desired version.
 * Idempotent. Throws what the engine throws.
 */
export async function undo(ports: ReleasePorts, state: ReleaseState, signal: AbortSignal): Promise<void> {
  const { engine } = ports
  const { service, from, to, replicas } = state
  const seen = (await engine.state()).services.find((each) => each.service === service)
  const previous = seen?.versions.find((version) => version.version === from)
  const target = seen?.versions.find((version) => version.version === to)
  const bearable = previous !== undefined && previous.ready > 0 && previous.ready * 2 >= replicas
  if (bearable && previous.share < 1) await engine.route(service, { [from]: 1 }, dealOf(state, false))
  if (previous && previous.replicas < replicas) {
    await engine.scaleVersion(service, from, replicas)
    await untilReady(engine, { service, version: from, replicas, signal })
  }
  if (!bearable && previous && previous.share < 1) await engine.route(service, { [from]: 1 }, dealOf(state, false))
  if (seen && seen.stable !== from) await engine.promote(service, from)
  if (target) await engine.removeVersion(service, to)
}
