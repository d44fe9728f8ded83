import { Problem } from '@seaworthy/model'

/** How a rate of arrivals runs over time; rates are requests/s (≥ 0), times seconds. */
export type Shaped =
  | { readonly kind: 'constant'; readonly rate: number; readonly seconds: number }
  /** From one rate to another in a straight line. */
  | { readonly kind: 'ramp'; readonly from: number; readonly to: number; readonly seconds: number }
  /** One rate after another, without transition. */
  | { readonly kind: 'steps'; readonly steps: readonly { readonly rate: number; readonly seconds: number }[] }
  /** `base`, but `peak` from `at` on for `width` seconds. */
  | {
      readonly kind: 'spike'
      readonly base: number
      readonly peak: number
      readonly at: number
      readonly width: number
      readonly seconds: number
    }
  /** mean + amplitude · sin(2πt/period); `amplitude` at most `mean`. */
  | {
      readonly kind: 'sine'
      readonly mean: number
      readonly amplitude: number
      readonly period: number
      readonly seconds: number
    }

/** A rate as a function: its integral and that integral's inverse. */
export interface RateShape {
  readonly seconds: number
  /** Arrivals expected up to a time in seconds. */
  readonly cumulative: (seconds: number) => number
  /** The time in seconds at which so many arrivals are expected. */
  readonly inverse: (arrivals: number) => number
}

/** The functions of a shape. Throws a `Problem` (SW8001) for a negative or non-finite rate or duration. */
export function rateShape(shaped: Shaped): RateShape {
  switch (shaped.kind) {
    case 'constant':
      return pieces([{ from: shaped.rate, to: shaped.rate, seconds: shaped.seconds }])
    case 'ramp':
      return pieces([{ from: shaped.from, to: shaped.to, seconds: shaped.seconds }])
    case 'steps':
      return pieces(shaped.steps.map(({ rate, seconds }) => ({ from: rate, to: rate, seconds })))
    case 'spike': {
      const { base, peak, at, width, seconds } = shaped
      const end = Math.min(seconds, at + width)
      return pieces([
        { from: base, to: base, seconds: Math.min(at, seconds) },
        { from: peak, to: peak, seconds: Math.max(0, end - at) },
        { from: base, to: base, seconds: Math.max(0, seconds - end) },
      ])
    }
    case 'sine':
      return sine(shaped)
    default:
      return shaped satisfies never
  }
}

interface Piece {
  readonly from: number
  readonly to: number
  readonly seconds: number
}

/** A rate made of straight pieces; within one, from·t + slope·t²/2 arrivals are expected, a quadratic that is solved exactly. */
function pieces(given: readonly Piece[]): RateShape {
  for (const { from, to, seconds } of given) mustBe(from, to, seconds)
  const used = given.filter((piece) => piece.seconds > 0)
  const starts: number[] = []
  const totals: number[] = []
  let [start, total] = [0, 0]
  for (const piece of used) {
    starts.push(start)
    totals.push(total)
    start += piece.seconds
    total += ((piece.from + piece.to) / 2) * piece.seconds
  }
  const at = (bounds: readonly number[], value: number): number => {
    let [low, high] = [0, bounds.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((bounds[middle] ?? 0) <= value) low = middle
      else high = middle - 1
    }
    return low
  }
  return {
    seconds: start,
    cumulative: (time) => {
      const index = at(starts, time)
      const piece = used[index]
      if (!piece) return 0
      const within = Math.min(time - (starts[index] ?? 0), piece.seconds)
      return (
        (totals[index] ?? 0) + piece.from * within + ((piece.to - piece.from) / (2 * piece.seconds)) * within * within
      )
    },
    inverse: (arrivals) => {
      const index = at(totals, arrivals)
      const piece = used[index]
      if (!piece) return 0
      const wanted = arrivals - (totals[index] ?? 0)
      const slope = (piece.to - piece.from) / piece.seconds
      // The root of slope/2·t² + from·t = wanted in the form that does not cancel when the slope is small.
      const root = Math.sqrt(Math.max(0, piece.from * piece.from + 2 * slope * wanted))
      const time = wanted === 0 ? 0 : (2 * wanted) / (piece.from + root)
      return (starts[index] ?? 0) + Math.min(time, piece.seconds)
    },
  }
}

function sine(shaped: {
  readonly mean: number
  readonly amplitude: number
  readonly period: number
  readonly seconds: number
}): RateShape {
  const { mean, amplitude, period, seconds } = shaped
  mustBe(mean, mean - Math.abs(amplitude), seconds)
  mustBe(mean, mean, period)
  const angular = (2 * Math.PI) / period
  const cumulative = (time: number): number => mean * time + (amplitude / angular) * (1 - Math.cos(angular * time))
  const inverse = (arrivals: number): number => {
    // The cosine moves the line by at most 2·amplitude/angular arrivals, which brackets the root.
    const swing = (2 * Math.abs(amplitude)) / angular / mean
    let [low, high] = [Math.max(0, arrivals / mean - swing), arrivals / mean + swing]
    while (high - low > 1e-10 * Math.max(1, high)) {
      const middle = (low + high) / 2
      if (cumulative(middle) < arrivals) low = middle
      else high = middle
    }
    return (low + high) / 2
  }
  return { seconds, cumulative, inverse }
}

function mustBe(from: number, to: number, seconds: number): void {
  if (from >= 0 && to >= 0 && seconds >= 0 && Number.isFinite(from + to + seconds)) return
  throw new Problem({
    code: 'SW8001',
    message: `Arrivals need rates and durations of 0 or more, and found ${from} to ${to} requests/s for ${seconds} s.`,
    hint: 'Give rates in requests/s and durations in s; a sine needs a mean of at least its amplitude.',
  })
}
