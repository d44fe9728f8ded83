interface Counts {
  readonly requests: number
  readonly events: number
}

/**
 * ln Λ of the mixture sequential probability ratio test for two Bernoulli streams with a normal prior of width τ on the
 * difference (Johari, Koomen, Pekelis & Walsh 2022): √(V/(V+τ²))·exp(τ²d²/(2V(V+τ²))); −Infinity when the canary is not worse.
 */
export function logLambda(canary: Counts, baseline: Counts, width: number): number {
  const [n, m] = [canary.requests, baseline.requests]
  if (n === 0 || m === 0) return -Infinity
  const [p, q] = [canary.events / n, baseline.events / m]
  const variance = (p * (1 - p)) / n + (q * (1 - q)) / m
  if (p <= q || variance === 0) return -Infinity
  const spread = width * width
  return 0.5 * Math.log(variance / (variance + spread)) + (spread * (p - q) ** 2) / (2 * variance * (variance + spread))
}
