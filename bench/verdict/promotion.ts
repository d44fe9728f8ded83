import { advance, type Batch, beginVerdict, type Rule, step } from '@seaworthy/release'
import { type Dice, diceOf } from './dice.ts'
import { batchSeconds } from './ours.ts'
import { type Proportion, proportion } from './proportion.ts'

/** A steady release whose steps are passed as the rule says, each within its deadline. */
export interface SteadyRelease {
  readonly rps: number
  readonly errorRate: number
  readonly ratio: number
}

/** How releases ended that went step by step as the verdict said. */
export interface Endings {
  readonly promoted: Proportion
  readonly rolledBack: Proportion
  readonly held: Proportion
  /** Median and 90th percentile time to promotion of those promoted, s. */
  readonly median: number | null
  readonly slow: number | null
}

/** Lets the verdict lead `n` releases: on to the next share when it is safe, back when it is harmful, held at the deadline. */
export function leadReleases(rule: Rule, release: SteadyRelease, n: number, seed: number): Endings {
  const times: number[] = []
  let [rolledBack, held] = [0, 0]
  for (let index = 0; index < n; index++) {
    const { kind, seconds } = leadOne(rule, release, diceOf(seed + index * 104_729))
    if (kind === 'promoted') times.push(seconds)
    else if (kind === 'rolled back') rolledBack++
    else held++
  }
  times.sort((a, b) => a - b)
  return {
    promoted: proportion(times.length, n),
    rolledBack: proportion(rolledBack, n),
    held: proportion(held, n),
    median: times[Math.floor(times.length / 2)] ?? null,
    slow: times[Math.floor(times.length * 0.9)] ?? null,
  }
}

function leadOne(rule: Rule, release: SteadyRelease, dice: Dice): { readonly kind: string; readonly seconds: number } {
  let state = beginVerdict(rule)
  for (let seconds = batchSeconds; ; seconds += batchSeconds) {
    const share = rule.steps[state.step]?.share ?? 0
    const taken = step(state, drawBatch(release, share, seconds, dice))
    state = taken.state
    switch (taken.decision.kind) {
      case 'harmful':
        return { kind: 'rolled back', seconds }
      case 'safe':
        if (state.step + 1 >= rule.steps.length) return { kind: 'promoted', seconds }
        state = advance(state)
        break
      case 'continue':
      case 'warming-up':
        break
      default:
        return { kind: 'held', seconds }
    }
  }
}

function drawBatch({ rps, errorRate, ratio }: SteadyRelease, share: number, seconds: number, dice: Dice): Batch {
  const draw = (rate: number, chance: number): { readonly errors: number; readonly requests: number } => {
    const errors = dice.poisson(rate * chance * batchSeconds)
    return { errors, requests: errors + dice.poisson(rate * (1 - chance) * batchSeconds) }
  }
  const canary = draw(rps * share, Math.min(1, errorRate * ratio))
  const baseline = draw(rps * (1 - share), errorRate)
  const ended = { canary: canary.requests, baseline: baseline.requests }
  return {
    at: seconds * 1000,
    elapsedMs: batchSeconds * 1000,
    source: 'read',
    draws: [{ share, ...ended }],
    ended,
    events: [{ metric: 'errors', counts: [{ share, canary: canary.errors, baseline: baseline.errors }] }],
  }
}
