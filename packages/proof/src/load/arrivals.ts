import { Problem } from '@seaworthy/model'
import { type RateShape, rateShape, type Shaped } from './rate-shape.ts'
import { exponential, type Random } from './seeded-random.ts'

/**
 * When requests are due, as plain data: rates are requests/s (> 0 or 0), durations seconds. All but `trace` and `burst` say how the rate
 * runs; `spacing` says how single arrivals fall under that rate: `even` (the default) or `poisson`, as independent users arrive.
 */
export type Arrivals =
  | (Shaped & { readonly spacing?: 'even' | 'poisson' })
  /** `size` requests at the same instant, at 0 and then every `every` seconds. */
  | { readonly kind: 'burst'; readonly size: number; readonly every: number; readonly seconds: number }
  /** Recorded times in seconds from the start, rising. */
  | { readonly kind: 'trace'; readonly at: readonly number[] }
  /** One after the other. */
  | { readonly kind: 'sequence'; readonly parts: readonly Arrivals[] }
  /** At the same time, as background and peak. */
  | { readonly kind: 'together'; readonly parts: readonly Arrivals[] }

/** How long the arrivals go on, in seconds. A trace ends with its last arrival. */
export function arrivalSeconds(arrivals: Arrivals): number {
  switch (arrivals.kind) {
    case 'trace':
      return arrivals.at.at(-1) ?? 0
    case 'sequence':
      return arrivals.parts.reduce((sum, part) => sum + arrivalSeconds(part), 0)
    case 'together':
      return Math.max(0, ...arrivals.parts.map(arrivalSeconds))
    case 'burst':
      return arrivals.seconds
    default:
      return rateShape(arrivals).seconds
  }
}

/** How many arrivals there are: exact but under `poisson` spacing, where it is the mean. */
export function expectedArrivals(arrivals: Arrivals): number {
  switch (arrivals.kind) {
    case 'trace':
      return arrivals.at.length
    case 'sequence':
    case 'together':
      return arrivals.parts.reduce((sum, part) => sum + expectedArrivals(part), 0)
    case 'burst':
      return arrivals.size * bursts(arrivals)
    default: {
      const total = rateShape(arrivals).cumulative(rateShape(arrivals).seconds)
      return arrivals.spacing === 'poisson' ? total : evenCount(total)
    }
  }
}

/** The times, in ms from the start and never falling, at which requests are due. The same random source gives the same times. */
export function* intendedTimes(arrivals: Arrivals, random: Random): Generator<number, void, undefined> {
  switch (arrivals.kind) {
    case 'trace':
      yield* traceTimes(arrivals.at)
      return
    case 'burst':
      for (let burst = 0; burst < bursts(arrivals); burst += 1) {
        for (let k = 0; k < arrivals.size; k += 1) yield burst * arrivals.every * 1000
      }
      return
    case 'sequence': {
      let offset = 0
      for (const part of arrivals.parts) {
        for (const at of intendedTimes(part, random)) yield offset + at
        offset += arrivalSeconds(part) * 1000
      }
      return
    }
    case 'together':
      yield* merged(arrivals.parts.map((part) => intendedTimes(part, random)))
      return
    default:
      yield* arrivals.spacing === 'poisson' ? poissonTimes(rateShape(arrivals), random) : evenTimes(rateShape(arrivals))
  }
}

function* traceTimes(at: readonly number[]): Generator<number, void, undefined> {
  let last = 0
  for (const [index, time] of at.entries()) {
    if (!(time >= last)) {
      throw new Problem({
        code: 'SW8002',
        message: `A recorded trace needs rising times from 0 s on; entry ${index + 1} is ${time} s after one of ${last} s.`,
        hint: 'Sort the times and subtract the first one from all.',
      })
    }
    last = time
    yield time * 1000
  }
}

/** Arrival k = 0, 1, ... falls where the expected number of arrivals so far is k: at a constant rate, every 1/rate. */
function* evenTimes(shape: RateShape): Generator<number, void, undefined> {
  const count = evenCount(shape.cumulative(shape.seconds))
  for (let k = 0; k < count; k += 1) yield shape.inverse(k) * 1000
}

/** Time rescaling (Çinlar 1975, §4.7): unit-rate Poisson arrivals taken through the inverse of the cumulative rate. */
function* poissonTimes(shape: RateShape, random: Random): Generator<number, void, undefined> {
  const total = shape.cumulative(shape.seconds)
  for (let sum = exponential(random); sum < total; sum += exponential(random)) yield shape.inverse(sum) * 1000
}

// 10/s for 1 s are ten arrivals, whatever rounding made of the product.
function evenCount(total: number): number {
  return Math.ceil(total - 1e-6)
}

function bursts(burst: { readonly every: number; readonly seconds: number }): number {
  return Math.max(1, Math.ceil(burst.seconds / burst.every - 1e-9))
}

function* merged(sources: readonly Generator<number, void, undefined>[]): Generator<number, void, undefined> {
  const heads = sources.map((source) => source.next())
  for (;;) {
    let first = -1
    let earliest = Number.POSITIVE_INFINITY
    for (const [index, head] of heads.entries()) {
      if (head.done || head.value >= earliest) continue
      first = index
      earliest = head.value
    }
    const source = sources[first]
    if (!source) return
    yield earliest
    heads[first] = source.next()
  }
}
