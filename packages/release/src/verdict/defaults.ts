import type { MetricRule, MetricSource, Rule, StepRule, UnderpoweredPolicy } from './rule.ts'

/** What a release declares about its verdict; everything else has a default. */
export interface VerdictDeclaration {
  readonly service: string
  readonly baseline: string
  readonly canary: string
  /** The canary's shares in order, each 0..1. */
  readonly shares: readonly number[]
  /** Whether the coin keeps a client on its version. */
  readonly sticky: boolean
  /** Bounds in ms: a slower answer is an event; `limit` is the share of slow answers promised, 0..1. */
  readonly latency: readonly { readonly boundMs: number; readonly limit?: number }[]
  /** Counters besides errors and latency, such as `restarts`, with the ratio that is refused. */
  readonly counters: readonly { readonly name: string; readonly refused?: number }[]
  /** Longest time that a request may take, ms. */
  readonly requestTimeoutMs: number
  readonly alpha?: number
  readonly beta?: number
  /** Ratio still called no worse; default 1. */
  readonly tolerated?: number
  /** Ratio that must not slip through; default 2. */
  readonly refused?: number
  readonly minRequests?: number
  readonly deadlineMs?: number
  /** Time in which latency is not judged, ms: caches and compilers warm up; errors are judged at once. */
  readonly warmUpMs?: number
  /** Failure rate promised to users, 0..1: beyond it the release holds; a canary shown to be below it is safe. */
  readonly errorLimit?: number
  readonly underpowered?: UnderpoweredPolicy
  readonly combine?: Rule['combine']
  /** Whether somebody else's load balancer splits the requests, so that shares are not known; default false. */
  readonly splitElsewhere?: boolean
}

/** The rule for a release: a tenth of α for rescued requests, four tenths shared by latency bounds and counters, the rest for errors. */
export function ruleOf(declared: VerdictDeclaration): Rule {
  const { alpha = 0.01, beta = 0.05, minRequests = 100, deadlineMs = 20 * 60_000 } = declared
  return {
    kind: 'verdict-rule',
    version: 1,
    service: declared.service,
    baseline: declared.baseline,
    canary: declared.canary,
    alpha,
    beta,
    routingAlpha: 0.001,
    combine: declared.combine ?? 'maximum',
    unit: declared.sticky ? 'client' : 'request',
    harmRatios: [1.25, 1.5, 2, 3, 5, 10, 20],
    safeRatios: [
      { ratio: 1, weight: 0.7 },
      { ratio: 0.5, weight: 0.15 },
      { ratio: 0.1, weight: 0.15 },
    ],
    doubt: 5,
    windowMs: 2000,
    restartMs: 60_000,
    settleMs: Math.min(declared.requestTimeoutMs, 60_000),
    idleMs: 60_000,
    sourceMs: 30_000,
    underpowered: declared.underpowered ?? 'hold',
    steps: declared.shares.map((share): StepRule => ({ share, deadlineMs, minRequests })),
    metrics: metricsOf(declared),
  }
}

function metricsOf(declared: VerdictDeclaration): readonly MetricRule[] {
  const {
    latency,
    counters,
    tolerated = 1,
    refused = 2,
    warmUpMs = 30_000,
    errorLimit,
    splitElsewhere = false,
  } = declared
  const others = latency.length + counters.length
  const weight = others === 0 ? 0 : 0.4 / others
  const metric = (name: string, source: MetricSource, change: Partial<MetricRule>): MetricRule => ({
    name,
    source,
    weight,
    tolerated,
    refused,
    count: splitElsewhere ? 'each' : 'vote',
    shares: splitElsewhere ? 'counted' : 'drawn',
    safety: true,
    burnInMs: warmUpMs,
    ...change,
  })
  return [
    metric(
      'errors',
      { kind: 'failures' },
      {
        weight: others === 0 ? 0.9 : 0.5,
        burnInMs: 0,
        ...promised(errorLimit),
      },
    ),
    metric('rescued by another replica', { kind: 'rescued' }, { weight: 0.1, burnInMs: 0, safety: false }),
    ...latency.map(({ boundMs, limit }) =>
      metric(`slower than ${boundMs} ms`, { kind: 'slower', boundMs }, promised(limit)),
    ),
    ...counters.map(({ name, refused: own }) =>
      metric(
        name,
        { kind: 'counter', counter: name },
        {
          safety: false,
          burnInMs: 0,
          ...(own === undefined ? {} : { refused: Math.max(own, tolerated) }),
        },
      ),
    ),
  ]
}

/** A promised rate is both: beyond it nobody goes on, and a canary shown to keep it is safe. */
function promised(rate: number | undefined): Pick<MetricRule, 'limit' | 'floor'> {
  return rate === undefined ? {} : { limit: rate, floor: rate }
}
