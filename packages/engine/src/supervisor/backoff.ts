/** How a failing replica is tried again. Times in ms. */
export interface RestartPolicy {
  /** Wait after the first failure. */
  readonly first: number
  /** Longest wait. */
  readonly longest: number
  /** Share of the wait by which it varies at random, 0..1, so that replicas do not come back in step. */
  readonly jitter: number
  /** Failures in a row from which it is called crash-looping. */
  readonly crashLoop: number
  /** A run at least this long sets the count of failures back. */
  readonly forgive: number
}

/** 100 ms doubled up to 30 s, varied by a fifth; crash-looping from the fifth failure, forgiven after a minute. */
export const defaultRestartPolicy: RestartPolicy = {
  first: 100,
  longest: 30_000,
  jitter: 0.2,
  crashLoop: 5,
  forgive: 60_000,
}

/** The wait in ms after that many failures in a row (from 1): exponential with jitter drawn from `random` in [0, 1). */
export function backoff(policy: RestartPolicy, failures: number, random: number): number {
  const wait = Math.min(policy.longest, policy.first * 2 ** Math.min(failures - 1, 30))
  return wait * (1 + policy.jitter * (2 * random - 1))
}
