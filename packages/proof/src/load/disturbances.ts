import { integerBelow, seededRandom } from './seeded-random.ts'

/** One thing that is done to a system while it is used. */
export interface Disturbance {
  /** Such as `kill a replica`. */
  readonly name: string
  /** Does it; resolves when it is over, such as when the new version has all traffic. Whatever it throws ends the run, which then is not clean. */
  readonly run: (context: DisturbanceContext) => Promise<void>
  /** How often it is drawn compared with others. Default 1. */
  readonly weight?: number
}

/** What a disturbance is told. */
export interface DisturbanceContext {
  /** A seeded source for choices within it, such as which replica. */
  readonly random: () => number
  /** From 0. */
  readonly index: number
  /** Notes that the harm is done, such as when a killed process is gone; what comes later than a policy allows after that is not explained by it. */
  readonly harmed: () => void
}

/** When a disturbance was at work, ms from the start of the run. */
export interface DisturbanceRecord {
  readonly name: string
  readonly from: number
  readonly to: number
  /** When its harm was done, where that was noted. */
  readonly harmedAt?: number
}

/** Draws `count` disturbances. Each round of as many draws as the weights sum up to holds each one as often as its weight, shuffled. */
export function planDisturbances<T extends { readonly weight?: number }>(
  list: readonly T[],
  count: number,
  seed: number,
): T[] {
  const random = seededRandom(seed)
  const round = list.flatMap((one) => Array.from({ length: Math.max(1, Math.round(one.weight ?? 1)) }, () => one))
  const plan: T[] = []
  while (plan.length < count && round.length > 0) {
    const shuffled = [...round]
    for (let index = shuffled.length - 1; index > 0; index -= 1) {
      const other = integerBelow(random, index + 1)
      const [one, two] = [shuffled[index], shuffled[other]]
      if (one !== undefined && two !== undefined) [shuffled[index], shuffled[other]] = [two, one]
    }
    plan.push(...shuffled.slice(0, count - plan.length))
  }
  return plan
}

/** What was done, and why it ended early, if it did. */
export interface DisturbanceRun {
  readonly records: readonly DisturbanceRecord[]
  /** The name of the disturbance that failed, and what it threw. */
  readonly failure: string | undefined
}

/** Runs planned disturbances one after the other with seeded gaps between them; ends with the first that fails. */
export async function runDisturbances(options: {
  readonly plan: readonly Disturbance[]
  readonly seed: number
  /** Shortest and longest pause before each, ms. */
  readonly gapMs: readonly [number, number]
  /** ms from the start of the run. */
  readonly now: () => number
  readonly wait: (ms: number) => Promise<void>
  readonly onRecord?: (record: DisturbanceRecord, index: number) => void
}): Promise<DisturbanceRun> {
  const random = seededRandom(options.seed ^ 0x5eed)
  const [shortest, longest] = options.gapMs
  const records: DisturbanceRecord[] = []
  for (const [index, disturbance] of options.plan.entries()) {
    await options.wait(shortest + random() * (longest - shortest))
    const from = options.now()
    // A choice of its own for each, so that one that draws more does not change those after it.
    let harmedAt: number | undefined
    const harmed = (): void => {
      harmedAt = options.now()
    }
    try {
      await disturbance.run({ random: seededRandom(integerBelow(random, 2 ** 32)), index, harmed })
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error)
      return { records, failure: `${disturbance.name} (${index + 1} of ${options.plan.length}): ${what}` }
    }
    const record = { name: disturbance.name, from, to: options.now(), ...(harmedAt !== undefined && { harmedAt }) }
    records.push(record)
    options.onRecord?.(record, index)
  }
  return { records, failure: undefined }
}
