import { createHash } from 'node:crypto'
import { halfSipHash, type SipKey } from './half-sip-hash.ts'

/** What the coin needs of a version: its share of new assignments (0..1) and its own key. */
export interface CoinSide {
  readonly share: number
  readonly coinKey: SipKey
}

/** The hash key of one version in one release: 64 bits of SHA-256 over the release's coin key and the version. */
export function sideKey(coinKey: string, version: string): SipKey {
  const digest = createHash('sha256').update(coinKey).update('\0').update(version).digest()
  return [digest.readUInt32LE(0), digest.readUInt32LE(4)]
}

/** The side that a random number in [0, 1) falls on; the last one with a share when rounding leaves a gap; -1 without sides. */
export function drawSide(sides: readonly CoinSide[], random: () => number): number {
  if (sides.length === 1) return 0
  let point = random()
  let last = -1
  for (let i = 0; i < sides.length; i++) {
    const share = sides[i]?.share ?? 0
    if (share <= 0) continue
    if (point < share) return i
    point -= share
    last = i
  }
  return last === -1 && sides.length > 0 ? 0 : last
}

/**
 * The side that a client stays on: weighted rendezvous hashing, the greatest share / −ln(u) wins (Schindelhauer & Schomaker 2005).
 * When shares change, a client moves only towards a side whose share grew. -1 without sides.
 */
export function sideOfClient(sides: readonly CoinSide[], clientId: string): number {
  if (sides.length === 1) return 0
  let best = sides.length > 0 ? 0 : -1
  let bestScore = -1
  for (let i = 0; i < sides.length; i++) {
    const side = sides[i]
    if (side === undefined || side.share <= 0) continue
    const u = (halfSipHash(clientId, side.coinKey) + 0.5) / 4_294_967_296
    const score = side.share / -Math.log(u)
    if (score > bestScore) {
      bestScore = score
      best = i
    }
  }
  return best
}
