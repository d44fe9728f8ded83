/** The candidate that is nearest to what was written, where one is near enough to be what was meant. */
export function nearest(written: string, candidates: Iterable<string>): string | undefined {
  const wanted = folded(written)
  const known = [...candidates]
  const limit = Math.max(1, Math.floor(wanted.length / 3))
  let best: string | undefined
  let bestDistance = limit + 1
  for (const candidate of known) {
    const distance = editDistance(wanted, folded(candidate), bestDistance)
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best ?? abbreviated(wanted, known)
}

/** The only candidate that what was written is the beginning of, as `prod` is of `production`. */
function abbreviated(wanted: string, candidates: readonly string[]): string | undefined {
  if (wanted.length < 3) return undefined
  const longer = candidates.filter((candidate) => folded(candidate).startsWith(wanted))
  return longer.length === 1 ? longer[0] : undefined
}

/** Case, hyphens and underscores do not tell two names apart. */
function folded(text: string): string {
  return text.toLowerCase().replace(/[-_\s]/g, '')
}

/** Edit distance with transpositions (optimal string alignment); `limit` when it is that or more. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let before: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let distance = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        distance = Math.min(distance, (before[j - 2] ?? 0) + 1)
      }
      row.push(distance)
    }
    before = previous
    previous = row
  }
  return Math.min(limit, previous[b.length] ?? limit)
}
