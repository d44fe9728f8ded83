/** How often something happened in so many requests. */
export interface Frequency {
  readonly requests: number
  readonly events: number
}

/** Rates above a limit that are tried: 1.25 to 50 times it, below 1. */
export function ratesAbove(limit: number): readonly number[] {
  const rates = [1.25, 1.5, 2, 3, 5, 10, 20, 50].map((times) => times * limit).filter((rate) => rate < 1)
  return rates.length > 0 ? rates : [(1 + limit) / 2]
}

/** Rates below a limit that are tried. */
export function ratesBelow(limit: number): readonly number[] {
  return [0.75, 0.5, 0.25, 0.1, 0.01].map((times) => times * limit)
}

/**
 * ln of what these requests multiply a bet on each rate against `limit` by (Bernoulli likelihood ratio; Wald 1945):
 * Π (p/limit)^event · ((1−p)/(1−limit))^(1−event). Its mean is ≤ 1 while the rate lies on the other side of the limit.
 */
export function logRateGrowths(
  rates: readonly number[],
  limit: number,
  { requests, events }: Frequency,
): readonly number[] {
  const quiet = Math.max(0, requests - events)
  return rates.map((rate) => events * Math.log(rate / limit) + quiet * (Math.log1p(-rate) - Math.log1p(-limit)))
}
