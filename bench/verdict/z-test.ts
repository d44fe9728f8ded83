interface Counts {
  readonly requests: number
  readonly events: number
}

/** The one-sided two-proportion z statistic with pooled variance; 0 while nothing has happened. */
export function zScore(canary: Counts, baseline: Counts): number {
  const [n, m] = [canary.requests, baseline.requests]
  const pooled = (canary.events + baseline.events) / (n + m)
  if (n === 0 || m === 0 || pooled === 0 || pooled === 1) return 0
  return (canary.events / n - baseline.events / m) / Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
}
