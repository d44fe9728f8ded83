import type { RouteOptions } from '@seaworthy/engine'
import type { ReleaseState } from '../release-state.ts'

/** Longer than any release takes, ms: 30 days. */
const wholeRelease = 30 * 24 * 3_600_000

/**
 * How the coin deals in a release: anew for each, and where clients stick to their version each client counts once for as
 * long as versions are compared, because its later failures are no fresh draw of the coin.
 */
export function dealOf(state: ReleaseState, comparing: boolean): RouteOptions {
  return {
    coinKey: state.id,
    ...(state.rule?.unit === 'client' && { episodeMs: comparing ? wholeRelease : usual(state) }),
  }
}

function usual(state: ReleaseState): number {
  return state.spec.rollout.verdict.episode
}
