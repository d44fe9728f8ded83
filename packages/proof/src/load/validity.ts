/** Whether a run measured its target, or its own client. */
export type Validity =
  | { readonly kind: 'valid' }
  /** The client was, or may have been, the bottleneck; each reason names what was found and the bound that it broke. */
  | { readonly kind: 'invalid'; readonly reasons: readonly string[] }

/** Bounds beyond which a run is invalid. */
export interface ValidityBounds {
  /** Lateness that is always forgiven, ms: two grains of the timer. Default 2. */
  readonly lagMs: number
  /** Share of the p99 latency that the client's lateness may make up. Default 0.1. */
  readonly lagShare: number
  /** Share of the run that the event loop may be busy. Default 0.9. */
  readonly busy: number
  /** Share of the run that the thread may be on a processor. Default 0.9. */
  readonly cpu: number
}

/** The bounds that hold unless a caller says otherwise. */
export const defaultBounds: ValidityBounds = Object.freeze({ lagMs: 2, lagShare: 0.1, busy: 0.9, cpu: 0.9 })

/** What validity is judged from; times in ms, shares 0..1. */
export interface ValidityFacts {
  readonly lagP99: number
  readonly latencyP99: number
  readonly loopDelayP99: number
  readonly cpu: number
  readonly busy: number
  /** Requests that failed for want of local ports, descriptors or memory. */
  readonly localLimits: number
  /** Limits of the sender that were met, in words. */
  readonly senderLimits: readonly string[]
}

/** Judges a run. It is the client's fault until shown otherwise: one broken bound makes it invalid. */
export function judgeValidity(facts: ValidityFacts, bounds: ValidityBounds = defaultBounds): Validity {
  const reasons: string[] = []
  const lateness = Math.max(bounds.lagMs, bounds.lagShare * facts.latencyP99)
  const ms = (value: number): string => `${value.toFixed(1)} ms`
  const percent = (value: number): string => `${(value * 100).toFixed(0)} %`
  if (facts.lagP99 > lateness)
    reasons.push(`requests were started late: p99 ${ms(facts.lagP99)}, at most ${ms(lateness)} allowed`)
  if (facts.loopDelayP99 > lateness) {
    reasons.push(
      `answers waited for the client's event loop: p99 ${ms(facts.loopDelayP99)}, at most ${ms(lateness)} allowed`,
    )
  }
  if (facts.busy > bounds.busy)
    reasons.push(
      `the client's event loop was busy ${percent(facts.busy)} of the time, at most ${percent(bounds.busy)} allowed`,
    )
  if (facts.cpu > bounds.cpu)
    reasons.push(`the client used ${percent(facts.cpu)} of a processor, at most ${percent(bounds.cpu)} allowed`)
  if (facts.localLimits > 0) reasons.push(`${facts.localLimits} requests found no local port, descriptor or memory`)
  reasons.push(...facts.senderLimits)
  return reasons.length === 0 ? { kind: 'valid' } : { kind: 'invalid', reasons }
}
