/**
 * The value that a Student t variable with `freedom` (whole, ≥ 1) degrees of freedom stays below with the given probability
 * (0.5..1). Inverts the finite series of Abramowitz & Stegun 26.7.3 and 26.7.4, exact for whole degrees, by bisection.
 */
export function studentQuantile(probability: number, freedom: number): number {
  return invert((t) => 0.5 + twoSided(t, freedom) / 2, probability)
}

/** The value that a standard normal variable stays below with the given probability (0.5..1). Series: Abramowitz & Stegun 26.2.11. */
export function normalQuantile(probability: number): number {
  return invert(normalCumulative, probability)
}

function twoSided(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom))
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)]
  if (freedom === 1) return (2 * angle) / Math.PI
  const odd = freedom % 2 === 1
  let term = odd ? cosine : 1
  let sum = term
  for (let k = odd ? 2 : 1; k < freedom - 2; k += 2) {
    term *= (k / (k + 1)) * cosine * cosine
    sum += term
  }
  return odd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum
}

function normalCumulative(x: number): number {
  if (x > 8) return 1
  let [term, sum] = [x, x]
  for (let k = 3; term > 1e-17 * sum; k += 2) {
    term *= (x * x) / k
    sum += term
  }
  return 0.5 + (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * sum
}

function invert(cumulative: (x: number) => number, probability: number): number {
  let [low, high] = [0, 1]
  while (cumulative(high) < probability && high < 1e9) high *= 2
  for (let step = 0; step < 100; step += 1) {
    const middle = (low + high) / 2
    if (cumulative(middle) < probability) low = middle
    else high = middle
  }
  return (low + high) / 2
}
