const halfLogTwoPi = 0.9189385332046727

/** ln n! for a real n ≥ 0 (Stirling's series after shifting n above 15; absolute error below 1e-12 relative to the result). */
export function logFactorial(n: number): number {
  let shift = 0
  let x = n + 1
  while (x < 16) {
    shift += Math.log(x)
    x += 1
  }
  const inverse = 1 / x
  const square = inverse * inverse
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188))))
  return (x - 0.5) * Math.log(x) - x + halfLogTwoPi + series - shift
}

/** ln of n over k, for whole numbers; −Infinity outside 0 ≤ k ≤ n. */
export function logChoose(n: number, k: number): number {
  if (k < 0 || k > n) return -Infinity
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k)
}

/** ln of the beta function B(a, b), for a, b > 0. */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b)
}

/** ln Γ(x) for x > 0. */
function logGamma(x: number): number {
  return logFactorial(x) - Math.log(x)
}
