import { type CounterPage, latencyBoundsMs, outcomes } from '@seaworthy/gateway'

/** What a version was asked over the last seconds. */
export interface Traffic {
  /** Requests answered per second. */
  readonly perSecond: number
  /** Upper bound of the latency bucket that the 99th percentile lies in, ms; infinity beyond the last, undefined without requests. */
  readonly p99?: number
  /** Share of server errors, time-outs and refusals, 0..1. */
  readonly failed: number
}

/** ms over which traffic is averaged. */
const window = 10_000

const bucketCount = latencyBoundsMs.length + 1
const failures = new Set(['server-error', 'timeout', 'unavailable'])

interface Sample {
  readonly at: number
  /** By worker epoch and row, so that a restarted worker begins at nothing. */
  readonly rows: ReadonlyMap<string, { readonly key: string; readonly counts: readonly number[] }>
}

/** Turns the gateway's cumulative counts into what happened lately, by `service@version`. */
export class TrafficMeter {
  #samples: Sample[] = []

  /** Takes in the pages read at `at`, ms of any steady clock. */
  add(pages: readonly CounterPage[], at: number): void {
    const rows = pages.flatMap((page) =>
      page.rows.map((row) => {
        const id = `${page.worker} ${page.epoch} ${row.route} ${row.version} ${row.share}`
        return [id, { key: `${row.service}@${row.version}`, counts: row.counts }] as const
      }),
    )
    this.#samples.push({ at, rows: new Map(rows) })
    this.#samples = this.#samples.filter((sample) => sample.at >= at - window)
  }

  /** What each version was asked over the window; empty before the second sample. */
  read(): ReadonlyMap<string, Traffic> {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)]
    if (!first || !last || first === last) return new Map()
    const sums = new Map<string, number[]>()
    for (const [id, { key, counts }] of last.rows) {
      const before = first.rows.get(id)?.counts
      const sum = sums.get(key) ?? new Array<number>(counts.length).fill(0)
      counts.forEach((count, index) => {
        sum[index] = (sum[index] ?? 0) + count - (before?.[index] ?? 0)
      })
      sums.set(key, sum)
    }
    const seconds = (last.at - first.at) / 1000
    return new Map([...sums].map(([key, counts]) => [key, traffic(counts, seconds)]))
  }
}

function traffic(counts: readonly number[], seconds: number): Traffic {
  const byBucket = new Array<number>(bucketCount).fill(0)
  let total = 0
  let failed = 0
  outcomes.forEach((outcome, row) => {
    for (let bucket = 0; bucket < bucketCount; bucket += 1) {
      const count = counts[row * bucketCount + bucket] ?? 0
      if (outcome === 'client-abort') continue
      total += count
      byBucket[bucket] = (byBucket[bucket] ?? 0) + count
      if (failures.has(outcome)) failed += count
    }
  })
  if (total === 0) return { perSecond: 0, failed: 0 }
  let below = 0
  const bucket = byBucket.findIndex((count) => {
    below += count
    return below >= total * 0.99
  })
  return {
    perSecond: total / seconds,
    failed: failed / total,
    p99: latencyBoundsMs[bucket] ?? Number.POSITIVE_INFINITY,
  }
}
