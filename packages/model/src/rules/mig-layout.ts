import type { MigProfile } from './mig-profile.ts'

/** A profile put at a slot. */
export interface Placed {
  readonly profile: string
  readonly start: number
  readonly slots: number
}

/** Places for all the wanted profiles on one GPU, or undefined when no placement holds them together. */
export function placeMig(wanted: readonly MigProfile[]): readonly Placed[] | undefined {
  const counts = new Map<string, number>()
  for (const { name, most = Number.POSITIVE_INFINITY } of wanted) {
    const count = (counts.get(name) ?? 0) + 1
    if (count > most) return undefined
    counts.set(name, count)
  }
  // The largest and least movable first; instances of one profile are alike, so they are placed from left to right.
  const order = [...wanted].sort(
    (a, b) => b.slots - a.slots || a.starts.length - b.starts.length || (a.name < b.name ? -1 : 1),
  )
  return search(order, 0, 0, -1, [])
}

function search(
  order: readonly MigProfile[],
  index: number,
  taken: number,
  after: number,
  placed: readonly Placed[],
): readonly Placed[] | undefined {
  const profile = order[index]
  if (!profile) return placed
  const again = order[index + 1]?.name === profile.name
  for (const start of profile.starts) {
    const mask = ((1 << profile.slots) - 1) << start
    if (start <= after || (taken & mask) !== 0) continue
    const next = [...placed, { profile: profile.name, start, slots: profile.slots }]
    const found = search(order, index + 1, taken | mask, again ? start : -1, next)
    if (found) return found
  }
  return undefined
}
