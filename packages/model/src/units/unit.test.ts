import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { UnitKind } from '../schema/node.ts'
import { type Cron, printCron, readCron } from './cron.ts'
import { cronTimes, longestGap } from './cron-times.ts'
import type { Parsed } from './parsed.ts'
import { parseUnit, printUnit, readUnit } from './unit.ts'

function read<T>(result: Parsed<T>): T {
  if (!result.ok) throw new Error(result.expected)
  return result.value
}

function nearestOf(result: Parsed<unknown>): string | undefined {
  if (result.ok) throw new Error(`${String(result.value)} was accepted`)
  return result.nearest
}

const decimal = (whole: number, places: number): fc.Arbitrary<string> =>
  fc
    .tuple(fc.nat(whole), fc.option(fc.nat(10 ** places - 1)))
    .map(([head, tail]) => (tail === null ? `${head}` : `${head}.${String(tail).padStart(places, '0')}`))

const written: Record<Exclude<UnitKind, 'cron' | 'date'>, fc.Arbitrary<unknown>> = {
  duration: fc
    .tuple(fc.nat(1_000_000), fc.constantFrom('ms', 's', 'm', 'h', 'd', 'w'))
    .map(([n, unit]) => `${n}${unit}`),
  size: fc
    .tuple(fc.nat(1_000_000), fc.constantFrom('B', 'Ki', 'Mi', 'Gi', 'kB', 'MB', 'GB'))
    .map(([n, unit]) => `${n}${unit}`),
  rate: fc.tuple(decimal(1_000_000, 3), fc.constantFrom('s', 'min', 'h', 'd')).map(([n, unit]) => `${n}/${unit}`),
  percent: decimal(1000, 6).map((n) => `${n}%`),
  cpu: fc.oneof(
    fc.integer({ min: 1, max: 1_000_000 }).map((n) => `${n}m`),
    fc.integer({ min: 1, max: 1_000_000 }).map((n) => n / 1000),
  ),
}

describe('printing what was parsed and parsing it again gives the same value', () => {
  for (const [unit, texts] of Object.entries(written) as [UnitKind, fc.Arbitrary<unknown>][]) {
    test(unit, () => {
      fc.assert(
        fc.property(texts, (text) => {
          const value = read(readUnit(unit, text))
          const printed = printUnit(unit, value)
          const again = unit === 'cpu' && !printed.endsWith('m') ? Number(printed) : printed
          expect(read(readUnit(unit, again))).toBe(value)
        }),
      )
    })
  }

  test('date', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          const text = date.toISOString().slice(0, 10)
          expect(printUnit('date', read(readUnit('date', text)))).toBe(text)
        },
      ),
    )
  })

  test('cron', () => {
    const numbers = (low: number, high: number): fc.Arbitrary<string> =>
      fc.oneof(
        fc.constant('*'),
        fc
          .uniqueArray(fc.integer({ min: low, max: high }), { minLength: 1, maxLength: 5 })
          .map((list) => list.join(',')),
        fc
          .tuple(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: high }))
          .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
        fc.integer({ min: 1, max: 20 }).map((step) => `*/${step}`),
      )
    const expression = fc
      .tuple(
        numbers(0, 59),
        numbers(0, 23),
        fc.constant('*'),
        numbers(1, 12),
        fc.oneof(numbers(0, 6), fc.constant('6#1,MON')),
      )
      .map((fields) => fields.join(' '))
    fc.assert(
      fc.property(expression, (text) => {
        const cron: Cron = read(readCron(text))
        expect(read(readCron(printCron(cron)))).toEqual(cron)
      }),
    )
  })
})

describe('a value written another way is refused with the right way', () => {
  const cases: readonly (readonly [UnitKind, unknown, string | undefined])[] = [
    ['duration', '5 min', '5m'],
    ['duration', '5 minutes', '5m'],
    ['duration', '1h30m', '90m'],
    ['duration', 'PT5M', '5m'],
    ['duration', 30, '30s'],
    ['duration', '30', '30s'],
    ['duration', '1.5 hours', '1.5h'],
    ['duration', '-5s', undefined],
    ['duration', '05s', '5s'],
    ['duration', '1e3s', undefined],
    ['duration', 'soon', undefined],
    ['size', '256M', '256Mi'],
    ['size', '256 MiB', '256Mi'],
    ['size', '2gb', '2GB'],
    ['size', '512mb', '512MB'],
    ['size', 256, '256Mi'],
    ['rate', '60 per minute', '60/min'],
    ['rate', '60rpm', '60/min'],
    ['rate', '5 req/s', '5/s'],
    ['rate', 5, '5/s'],
    ['percent', 0.999, '99.9%'],
    ['percent', 99.9, '99.9%'],
    ['percent', '99,9 %', '99.9%'],
    ['cpu', '0.5', '0.5'],
    ['cpu', '2 cores', '2'],
    ['cpu', '500M', '500m'],
    ['cpu', 0, undefined],
    ['date', '20.11.2026', '2026-11-20'],
    ['date', '2026/1/5', '2026-01-05'],
    ['date', '2026-02-30', undefined],
    ['cron', '@daily', '0 0 * * *'],
    ['cron', '0 0 2 * * ?', '0 2 * * *'],
    ['cron', '61 * * * *', undefined],
    ['cron', '0 0 30 2 *', undefined],
  ]
  for (const [unit, value, nearest] of cases) {
    test(`${unit} ${JSON.stringify(value)} → ${nearest ?? 'no guess'}`, () => {
      expect(nearestOf(readUnit(unit, value))).toBe(nearest)
    })
  }

  test('a Problem says what was expected, what was found and what to write', () => {
    expect(() => parseUnit('duration', '5 min')).toThrowError(
      expect.objectContaining({ code: 'SW1004', message: expect.stringContaining('"5 min"'), hint: 'write 5m' }),
    )
  })
})

test('a fraction of a unit counts only where it comes to a whole number', () => {
  expect(read(readUnit('duration', '1.1s'))).toBe(1100)
  expect(readUnit('duration', '0.3ms').ok).toBe(false)
  expect(read(readUnit('size', '1.5Gi'))).toBe(1_610_612_736)
  expect(read(readUnit('percent', '99.9%'))).toBe(0.999)
})

describe('a schedule strikes when it says', () => {
  const from = Date.UTC(2026, 10, 1)
  const first = (text: string, count: number): string[] =>
    [...cronTimes(read(readCron(text)), from).take(count)].map((at) => new Date(at).toISOString().slice(0, 16))

  test('every first Saturday', () => {
    expect(first('0 1 * * 6#1', 2)).toEqual(['2026-11-07T01:00', '2026-12-05T01:00'])
  })
  test('day or weekday when both are narrowed', () => {
    expect(first('0 0 13 * FRI', 3)).toEqual(['2026-11-06T00:00', '2026-11-13T00:00', '2026-11-20T00:00'])
  })
  test('in leap years only', () => {
    expect(first('0 0 29 2 *', 1)).toEqual(['2028-02-29T00:00'])
  })
  test('the longest gap of a nightly backup is a day, of a weekday one the weekend', () => {
    expect(longestGap(read(readCron('0 2 * * *')))).toBe(86_400_000)
    expect(longestGap(read(readCron('0 2 * * 1-5')))).toBe(3 * 86_400_000)
    expect(longestGap(read(readCron('0 2 29 2 *')))).toBe(Number.POSITIVE_INFINITY)
  })
})
