/**
 * Kayenta's Mann-Whitney interval, ported line by line from `MannWhitney.scala` and `BrentSolver.java`,
 * github.com/spinnaker/kayenta at a69573be9d8fededacf80817e4151a2c8df41276 (Apache-2.0, Copyright Netflix, Inc.).
 */

/** Interval and Hodges–Lehmann estimate of the shift from `y` to `x`. */
export interface MannWhitney {
  readonly low: number
  readonly high: number
  readonly estimate: number
}

/** mannWhitneyUTest: two-sided, normal approximation with tie and continuity correction, inverted by root finding. */
export function mannWhitney(x: readonly number[], y: readonly number[], confidence: number): MannWhitney {
  const least = Math.min(...x) - Math.max(...y)
  const most = Math.max(...x) - Math.min(...y)
  const quantile = normalQuantile((1 - confidence) / 2)
  const at = (shift: number): number => wilcoxonDiff(shift, 0, x, y)
  // The quantile is only subtracted, so the ends are ranked once.
  const [atLeast, atMost] = [at(least), at(most)]
  const root = (zq: number): number => {
    if (atLeast - zq <= 0) return least
    if (atMost - zq >= 0) return most
    return brent(least, most, atLeast - zq, atMost - zq, (shift) => at(shift) - zq)
  }
  return { low: root(-quantile), high: root(quantile), estimate: brent(least, most, atLeast, atMost, at) }
}

/** wilcoxonDiff: the standardised rank sum of `x − shift` against `y`, less the quantile. */
export function wilcoxonDiff(shift: number, quantile: number, x: readonly number[], y: readonly number[]): number {
  const values = [...x.map((value) => value - shift), ...y]
  const { ranks, ties } = averageRanks(values)
  const [m, n] = [x.length, y.length]
  let sum = 0
  for (let i = 0; i < m; i++) sum += ranks[i] ?? 0
  const dz = sum - (m * (m + 1)) / 2 - (m * n) / 2
  const correction = Math.sign(dz) * 0.5
  const sigma = Math.sqrt(((m * n) / 12) * (m + n + 1 - ties / ((m + n) * (m + n - 1))))
  if (sigma === 0) throw new RangeError('cannot compute confidence interval when all observations are tied')
  return (dz - correction) / sigma - quantile
}

/** Natural ranking with average ties, and Σ t³ − t over the ties. */
export function averageRanks(values: readonly number[]): { readonly ranks: readonly number[]; readonly ties: number } {
  const order = values.map((_, index) => index).sort((i, j) => (values[i] ?? 0) - (values[j] ?? 0))
  const ranks = new Array<number>(values.length).fill(0)
  let ties = 0
  for (let start = 0; start < order.length; ) {
    let end = start + 1
    while (end < order.length && values[order[end] ?? 0] === values[order[start] ?? 0]) end++
    const tied = end - start
    for (let i = start; i < end; i++) ranks[order[i] ?? 0] = (start + 1 + end) / 2
    ties += tied ** 3 - tied
    start = end
  }
  return { ranks, ties }
}

const epsilon = 2.220446049250313e-16
const tolerance = 1e-4

/** BrentSolver.solve, which stops at a tolerance of 10⁻⁴ however small the values are. */
export function brent(ax: number, bx: number, fa0: number, fb0: number, f: (x: number) => number): number {
  let [a, b, c, fa, fb, fc] = [ax, bx, ax, fa0, fb0, fa0]
  if (isZero(fa)) return a
  if (isZero(fb)) return b
  for (let iteration = 1001; iteration > 0; iteration--) {
    const previous = b - a
    if (Math.abs(fc) < Math.abs(fb)) [a, b, c, fa, fb, fc] = [b, c, b, fb, fc, fb]
    const least = 2 * epsilon * Math.abs(b) + tolerance / 2
    let step = (c - b) / 2
    if (Math.abs(step) <= least || isZero(fb)) return b
    if (Math.abs(previous) >= least && Math.abs(fa) > Math.abs(fb))
      step = interpolated({ a, b, c, fa, fb, fc }, step, previous, least)
    if (Math.abs(step) < least) step = step > 0 ? least : -least
    a = b
    fa = fb
    b += step
    fb = f(b)
    if ((fb > 0 && fc > 0) || (fb < 0 && fc < 0)) {
      c = a
      fc = fa
    }
  }
  return b
}

interface Bracket {
  readonly a: number
  readonly b: number
  readonly c: number
  readonly fa: number
  readonly fb: number
  readonly fc: number
}

/** Linear or inverse quadratic interpolation where it is trusted; otherwise the half step stays. */
function interpolated({ a, b, c, fa, fb, fc }: Bracket, half: number, previous: number, least: number): number {
  const cb = c - b
  let p: number
  let q: number
  if (a === c) {
    const t1 = fb / fa
    p = cb * t1
    q = 1 - t1
  } else {
    q = fa / fc
    const t1 = fb / fc
    const t2 = fb / fa
    p = t2 * (cb * q * (q - t1) - (b - a) * (t1 - 1))
    q = (q - 1) * (t1 - 1) * (t2 - 1)
  }
  if (p > 0) q = -q
  else p = -p
  return p < 0.75 * cb * q - Math.abs(least * q) / 2 && p < Math.abs((previous * q) / 2) ? p / q : half
}

/** commons-math Precision.equals(x, 0): within one unit in the last place. */
function isZero(x: number): boolean {
  return Math.abs(x) <= Number.MIN_VALUE
}

/** Inverse of the standard normal distribution (Acklam 2003, refined by one Halley step to full precision). */
export function normalQuantile(p: number): number {
  const tail = Math.min(p, 1 - p)
  const r = Math.sqrt(-2 * Math.log(tail))
  let z = -(
    r -
    (2.515517 + 0.802853 * r + 0.010328 * r * r) / (1 + 1.432788 * r + 0.189269 * r * r + 0.001308 * r ** 3)
  )
  for (let refine = 0; refine < 4; refine++) {
    const error = (normalBelow(z) - tail) * Math.sqrt(2 * Math.PI) * Math.exp((z * z) / 2)
    z -= error / (1 + (z * error) / 2)
  }
  return p <= 0.5 ? z : -z
}

/** P(Z ≤ z) for z ≤ 0 by its continued fraction or series. */
function normalBelow(z: number): number {
  const x = -z
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)
  if (x < 3) {
    let term = x
    let sum = x
    for (let k = 1; k < 200; k++) {
      term *= (x * x) / (2 * k + 1)
      sum += term
    }
    return 0.5 - density * sum
  }
  let fraction = 0
  for (let k = 200; k > 0; k--) fraction = k / (x + fraction)
  return density / (x + fraction)
}
