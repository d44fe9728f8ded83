import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { conditionHolds, parseCondition } from './alert-condition.ts'
import { alertSignals } from './alert-signal.ts'

describe('a condition is read', () => {
  test.each([
    ['errors > 5%', 'errors', '>', 0.05, 'fraction'],
    ['p95 > 500ms', 'p95', '>', 500, 'duration'],
    ['p99.9>=2s', 'p99.9', '>=', 2000, 'duration'],
    ['cpu > 90%', 'cpu', '>', 0.9, 'fraction'],
    ['restarts > 3/h', 'restarts', '>', 3 / 3600, 'rate'],
    ['ready < 2', 'ready', '<', 2, 'count'],
    ['ready < 50%', 'ready', '<', 0.5, 'fraction'],
    ['burn > 14.4x', 'burn', '>', 14.4, 'times'],
    ['certificate-expiry < 14d', 'certificate-expiry', '<', 14 * 86_400_000, 'duration'],
    ['down', 'ready', '<', 1, 'count'],
  ])('%s', (text, signal, comparison, value, unit) => {
    expect(parseCondition(text)).toEqual({ ok: true, value: { signal, comparison, value, unit, own: false } })
  })

  test('counters of the service’s own may be used', () => {
    const result = parseCondition('ai_decisions < 1/min', { ai_decisions: 'decisions made' })
    expect(result).toMatchObject({ ok: true, value: { signal: 'ai_decisions', own: true, unit: 'rate' } })
  })
})

describe('a condition that cannot be read is refused with what was meant', () => {
  test.each([
    ['error > 5%', 'errors > 5%'],
    ['certificate-expire < 14d', 'certificate-expiry < 14d'],
    ['errors > 500ms', undefined],
    ['p95 > 5%', undefined],
    ['errors 5%', undefined],
    ['restarts > 3', 'restarts > 3/h'],
    ['errors > 5', 'errors > 5%'],
    ['p95 > 500', 'p95 > 500ms'],
    ['p0 > 1s', undefined],
  ])('%s', (text, meant) => {
    const result = parseCondition(text)
    expect(result.ok).toBe(false)
    if (!result.ok) expect(result.nearest).toBe(meant)
  })
})

test('every signal can be written in each of its units', () => {
  const written = { fraction: '5%', duration: '5m', rate: '5/min', count: '5', times: '5x' }
  for (const signal of alertSignals) {
    for (const unit of signal.units) {
      expect(parseCondition(`${signal.name} > ${written[unit]}`)).toMatchObject({ ok: true, value: { unit } })
    }
  }
})

test('of two opposite conditions exactly one holds', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100 }), fc.double({ min: 0, max: 1, noNaN: true }), (percent, measured) => {
      const above = parseCondition(`errors > ${percent}%`)
      const below = parseCondition(`errors <= ${percent}%`)
      if (!above.ok || !below.ok) throw new Error('not read')
      expect(conditionHolds(above.value, measured)).toBe(!conditionHolds(below.value, measured))
    }),
  )
})
