import { nearest } from '../nearest.ts'
import { readDuration } from '../units/duration.ts'
import { type Parsed, parsed, refused } from '../units/parsed.ts'
import { readPercent } from '../units/percent.ts'
import { readRate } from '../units/rate.ts'
import { alertSignals, counterSignal, type SignalUnit, signalOf } from './alert-signal.ts'

/** An alert's condition, read: `errors > 5%` → errors, `>`, 0.05, fraction. */
export interface AlertCondition {
  /** A name of `alertSignals`, a quantile such as `p95`, or a counter of the service's own. */
  readonly signal: string
  readonly comparison: '>' | '>=' | '<' | '<='
  /** In the unit below: a fraction 0..1, ms, events per second, a count, or a ratio. */
  readonly value: number
  readonly unit: SignalUnit
  /** Whether the signal is a counter that the service declares in `metrics`. */
  readonly own: boolean
}

const form = /^([a-z][a-z0-9_.-]*)\s*(>=|<=|>|<)\s*(\S+)$/
const expected = 'a signal, a comparison and a value with its unit, such as `errors > 5%` or `p95 > 500ms`'

const examples: Readonly<Record<SignalUnit, string>> = {
  fraction: '5%',
  duration: '500ms',
  rate: '3/h',
  count: '1',
  times: '2x',
}

/** What a number without a unit most likely lacks. */
const endings: Readonly<Partial<Record<SignalUnit, string>>> = { fraction: '%', duration: 'ms', rate: '/h', times: 'x' }

/**
 * Reads an alert's condition. `down` is short for `ready < 1`. `counters` are the service's own, by name with what they
 * mean. What is wrong is said with what was expected and, where it can be guessed, what was meant.
 */
export function parseCondition(text: string, counters: Readonly<Record<string, string>> = {}): Parsed<AlertCondition> {
  const written = text.trim().replace(/\s+/g, ' ')
  if (written === 'down') return parsed({ signal: 'ready', comparison: '<', value: 1, unit: 'count', own: false })
  const match = form.exec(written)
  if (!match) return refused(expected)
  const [, name = '', comparison = '', valueText = ''] = match
  const own = counters[name]
  const signal = signalOf(name) ?? (own === undefined ? undefined : counterSignal(name, own))
  if (!signal) {
    const meant = nearest(name, [...alertSignals.map((known) => known.name), ...Object.keys(counters)])
    const known = Object.keys(counters)
    return refused(
      `a known signal instead of \`${name}\`: ${alertSignals.map((row) => row.name).join(', ')}, p50 to p99.99${
        known.length > 0 ? `, or a counter of its own (${known.join(', ')})` : ', or a counter named in `metrics`'
      }`,
      meant === undefined ? undefined : `${meant} ${comparison} ${valueText}`,
    )
  }
  for (const unit of signal.units) {
    const value = readValue(unit, valueText)
    if (value === undefined) continue
    return parsed({
      signal: name,
      comparison: comparison as AlertCondition['comparison'],
      value,
      unit,
      own: signalOf(name) === undefined,
    })
  }
  const bare = /^[0-9.]+$/.test(valueText) && endings[signal.units[0] ?? 'count']
  const units = signal.units.map((unit) => `\`${name} ${comparison} ${examples[unit]}\``).join(' or ')
  return refused(
    `a value of \`${name}\` (${signal.doc}), such as ${units}, instead of \`${valueText}\``,
    bare ? `${name} ${comparison} ${valueText}${bare}` : undefined,
  )
}

function readValue(unit: SignalUnit, text: string): number | undefined {
  switch (unit) {
    case 'fraction':
      return numberIn(readPercent(text))
    case 'duration':
      return numberIn(readDuration(text))
    case 'rate':
      return numberIn(readRate(text))
    case 'count':
      return /^(0|[1-9][0-9]{0,14})$/.test(text) ? Number(text) : undefined
    case 'times': {
      const match = /^((?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,6})?)x$/.exec(text)
      return match ? Number(match[1]) : undefined
    }
    default:
      return unit satisfies never
  }
}

function numberIn(result: Parsed<number>): number | undefined {
  return result.ok ? result.value : undefined
}

/** Whether a condition holds for a measured value, in the condition's unit. */
export function conditionHolds(condition: AlertCondition, measured: number): boolean {
  switch (condition.comparison) {
    case '>':
      return measured > condition.value
    case '>=':
      return measured >= condition.value
    case '<':
      return measured < condition.value
    case '<=':
      return measured <= condition.value
    default:
      return condition.comparison satisfies never
  }
}
