/** A seeded source of random counts, so that every number of the benchmark can be had again. */
export interface Dice {
  /** Uniform in 0..1, exclusive. */
  readonly uniform: () => number
  readonly normal: () => number
  /** Poisson count with this mean ≥ 0. */
  readonly poisson: (mean: number) => number
  /** Successes in n tries of probability p. */
  readonly binomial: (n: number, p: number) => number
}

/** Dice from a seed (sfc32, C. Doty-Humphrey, PractRand). */
export function diceOf(seed: number): Dice {
  let [a, b, c, d] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, seed >>> 0]
  const uniform = (): number => {
    const t = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return ((t >>> 0) + 0.5) / 4294967296
  }
  for (let skip = 0; skip < 16; skip++) uniform()
  const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
  const poisson = (mean: number): number =>
    mean > 40 ? poissonByRejection(mean, uniform) : poissonByProduct(mean, uniform)
  const binomial = (n: number, p: number): number => {
    if (n <= 0 || p <= 0) return 0
    if (p >= 1) return n
    if (p > 0.5) return n - binomial(n, 1 - p)
    return n * p < 30
      ? binomialBySkips(n, p, uniform)
      : Math.min(n, Math.max(0, Math.round(n * p + normal() * Math.sqrt(n * p * (1 - p)))))
  }
  return { uniform, normal, poisson, binomial }
}

/** Knuth's product of uniforms. */
function poissonByProduct(mean: number, uniform: () => number): number {
  if (mean <= 0) return 0
  const floor = Math.exp(-mean)
  let count = 0
  for (let product = uniform(); product > floor; product *= uniform()) count++
  return count
}

/** Hörmann's transformed rejection with squeeze, PTRS (1993), exact for means from 10. */
function poissonByRejection(mean: number, uniform: () => number): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean)
  const a = -0.059 + 0.02483 * b
  const inverse = 1.1239 + 1.1328 / (b - 3.4)
  const squeeze = 0.9277 - 3.6224 / (b - 2)
  for (;;) {
    const u = uniform() - 0.5
    const v = uniform()
    const us = 0.5 - Math.abs(u)
    const count = Math.floor(((2 * a) / us + b) * u + mean + 0.43)
    if (us >= 0.07 && v <= squeeze) return count
    if (count < 0 || (us < 0.013 && v > us)) continue
    const left = Math.log((v * inverse) / (a / (us * us) + b))
    if (left <= -mean + count * Math.log(mean) - logFactorial(count)) return count
  }
}

/** Geometric jumps from success to success. */
function binomialBySkips(n: number, p: number, uniform: () => number): number {
  const scale = Math.log1p(-p)
  let count = 0
  let position = Math.floor(Math.log(uniform()) / scale)
  while (position < n) {
    count++
    position += 1 + Math.floor(Math.log(uniform()) / scale)
  }
  return count
}

/** ln n! by Stirling's series, with the first values exact. */
function logFactorial(n: number): number {
  if (n < 10) {
    let product = 1
    for (let i = 2; i <= n; i++) product *= i
    return Math.log(product)
  }
  const x = n + 1
  return (x - 0.5) * Math.log(x) - x + 0.9189385332046727 + 1 / (12 * x) - 1 / (360 * x ** 3)
}
