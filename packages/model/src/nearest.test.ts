import { describe, expect, test } from 'vitest'
import { nearest } from './nearest.ts'

describe('the nearest candidate is what was meant', () => {
  const fields = ['port', 'protocol', 'protect', 'needs', 'health', 'rateLimit', 'minAvailable', 'production']
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['prot', 'port'],
    ['helth', 'health'],
    ['rate_limit', 'rateLimit'],
    ['minavailable', 'minAvailable'],
    ['NEEDS', 'needs'],
    ['prod', 'production'],
    ['xyz', undefined],
    ['', undefined],
  ]
  for (const [written, meant] of cases) {
    test(`${written || 'nothing'} → ${meant ?? 'no guess'}`, () => {
      expect(nearest(written, fields)).toBe(meant)
    })
  }

  test('an abbreviation of several is no guess', () => {
    expect(nearest('serv', ['service-one', 'service-two'])).toBeUndefined()
  })
})
