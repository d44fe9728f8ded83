import type { FleetReleases } from '../fleet/fleet-releases.ts'
import { type FleetReleaseState, isFleetOver } from '../fleet/fleet-state.ts'
import type { Releases } from '../machine/releases.ts'
import type { ReleaseSight } from '../machine/runner.ts'

/** What somebody who watches a fleet release sees: its own changes, and what happens to a member. */
export type FleetSight =
  | { readonly kind: 'fleet'; readonly state: FleetReleaseState }
  | { readonly kind: 'member'; readonly service: string; readonly sight: ReleaseSight }

/** First where a fleet release stands, then everything that happens to it and its members, until it is over or the signal aborts. */
export async function* followFleetRelease(
  groups: FleetReleases,
  releases: Releases,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<FleetSight> {
  const waiting: FleetSight[] = []
  let wake = Promise.withResolvers<void>()
  const hear = (sight: FleetSight): void => {
    waiting.push(sight)
    wake.resolve()
  }
  const members = new Map<string, string>()
  for (const [service, member] of await groups.members(id)) members.set(member.id, service)
  const stops = [
    groups.watch((state) => {
      if (state.id === id) hear({ kind: 'fleet', state })
    }),
    releases.watch((sight) => {
      if (sight.kind === 'state' && sight.state.group === id) members.set(sight.state.id, sight.state.service)
      const service = members.get(sight.kind === 'state' ? sight.state.id : sight.release)
      if (service !== undefined) hear({ kind: 'member', service, sight })
    }),
  ]
  const aborted = (): void => wake.resolve()
  signal.addEventListener('abort', aborted)
  try {
    // Asked only now that nothing can be missed.
    const now = await groups.find(id)
    yield { kind: 'fleet', state: now }
    if (isFleetOver(now.phase)) return
    while (!signal.aborted) {
      await wake.promise
      wake = Promise.withResolvers()
      for (const sight of waiting.splice(0)) {
        yield sight
        if (sight.kind === 'fleet' && isFleetOver(sight.state.phase)) return
      }
    }
  } finally {
    signal.removeEventListener('abort', aborted)
    for (const stop of stops) stop()
  }
}
