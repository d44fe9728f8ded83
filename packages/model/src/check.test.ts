import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fleet } from './author/fleet.ts'
import { environment, postgres, service } from './author/parts.ts'
import { check } from './check.ts'
import { readDocument } from './read/read-document.ts'

const today = '2026-11-20'
const api = service('api', {
  run: 'node api.ts',
  port: 3000,
  routes: ['/'],
  stop: { drain: '60s' },
  on: { production: { stop: { grace: '90s' } } },
})
const environments = ['development', 'staging', 'production'].map((name) => environment(name, { tls: 'files' }))

describe('a finding', () => {
  test('is said once, with the environments in which it is so', () => {
    const { refusals } = check(fleet('shop', { services: [api], environments }), { today })
    expect(refusals).toMatchObject([
      {
        code: 'SW1707',
        path: 'services.api.stop.drain',
        message: 'expected at most 30s (`grace`), found 1m',
        hint: 'set grace to 70s, or drain to 20s',
        environments: ['development', 'staging'],
      },
    ])
  })

  test('is looked for in one environment alone when asked to', () => {
    const document = fleet('shop', { services: [api], environments })
    expect(check(document, { today, environment: 'production' }).refusals).toEqual([])
    expect(() => check(document, { today, environment: 'live' })).toThrowError(
      expect.objectContaining({ code: 'SW1011' }),
    )
  })

  test('points at the file and line that wrote it', () => {
    const document = fleet('shop', { services: [api], environments })
    const locate = (path: string) => ({ file: 'seaworthy.config.mts', line: 12, path })
    const [finding] = check({ document, locate }, { today }).refusals
    expect(finding?.where).toEqual({ file: 'seaworthy.config.mts', line: 12, path: 'services.api.stop.drain' })
  })
})

test('a secret that was found is nowhere repeated', () => {
  const value = 'correct-horse-battery-staple'
  const leaky = service('api', { run: 'node api.ts', port: 3000, routes: ['/'], env: { ADMIN_PASSWORD: value } })
  const report = check(fleet('shop', { services: [leaky], environments }), { today })
  expect(report.refusals.map(({ code }) => code)).toEqual(['SW1801'])
  expect(JSON.stringify(report)).not.toContain(value)
})

describe('a silence', () => {
  const canary = service('api', { run: 'node api.ts', port: 3000, routes: ['/'], rollout: 'canary' })
  const other = service('web', { run: 'node web.ts', port: 3000, routes: ['/web'], rollout: 'canary' })

  test('of the fleet takes its warnings from every part, and is listed', () => {
    const silence = [{ code: 'SW2402', reason: 'measured next week', until: '2026-12-01' } as const]
    const report = check(fleet('shop', { services: [canary, other], silence }), { today })
    expect(report.warnings).toEqual([])
    expect(report.silenced).toMatchObject([
      { code: 'SW2402', path: 'services.api.traffic', by: 'silence[0]', reason: 'measured next week' },
      { code: 'SW2402', path: 'services.web.traffic', by: 'silence[0]', until: '2026-12-01' },
    ])
  })

  test('of a service takes its own warnings only', () => {
    const silence = [{ code: 'SW2402', reason: 'measured next week', until: '2026-12-01' } as const]
    const quiet = service('api', { ...canary.spec, silence })
    const report = check(fleet('shop', { services: [quiet, other] }), { today })
    expect(report.warnings).toMatchObject([{ code: 'SW2402', path: 'services.web.traffic' }])
    expect(report.silenced).toMatchObject([{ path: 'services.api.traffic', by: 'services.api.silence[0]' }])
  })

  test('that has run out is refused, and the warning is heard again', () => {
    const silence = [{ code: 'SW2402', reason: 'measured last week', until: today } as const]
    const report = check(fleet('shop', { services: [canary], silence }), { today })
    expect(report.refusals.map(({ code }) => code)).toEqual(['SW1920'])
    expect(report.warnings.map(({ code }) => code)).toEqual(['SW2402'])
  })

  test('in force in one environment counts as used in all', () => {
    const silence = [{ code: 'SW2104', reason: 'a replica of another cluster', until: '2026-12-01' } as const]
    const document = fleet('shop', { postgres: [postgres('db')], environments, silence })
    expect(check(document, { today }).warnings).toEqual([])
    expect(check(document, { today, environment: 'staging' }).warnings).toEqual([])
  })
})

describe('a catalog that cannot be read as a whole', () => {
  test('gives what could not be read and what the rest breaks, both at once', () => {
    const document = readDocument({
      name: 'shop',
      services: {
        AIDE: { run: 'node aide.ts' },
        api: { run: 'node api.ts', port: 3000, routes: ['/'], stop: { drain: '60s' } },
        web: { run: 'node web.ts', prot: 3000 },
      },
      postgres: { db: { backup: { every: '1d', rpo: '1h' } } },
    })
    const { refusals, warnings } = check(document, { today })
    expect(refusals.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'SW1007 services.AIDE',
      'SW1001 services.web.prot',
      'SW1101 postgres.db.backup.rpo',
      'SW1707 services.api.stop.drain',
    ])
    expect(refusals[0]?.hint).toContain('aide')
    expect(warnings).toEqual([])
  })

  test('never makes a rule stumble, whatever stands in it', () => {
    const anything = fc.jsonValue({ maxDepth: 3 })
    const key = fc.constantFrom('api', 'db', 'x', 'AIDE')
    const field = fc.constantFrom(
      'port',
      'routes',
      'needs',
      'scale',
      'slo',
      'storage',
      'backup',
      'url',
      'steps',
      'schedule',
    )
    const part = fc.dictionary(field, anything, { maxKeys: 3 })
    const content = fc.record(
      Object.fromEntries(
        [
          'services',
          'jobs',
          'postgres',
          'volumes',
          'externals',
          'machines',
          'environments',
          'escalations',
          'maintenance',
        ].map((collection) => [collection, fc.dictionary(key, fc.oneof(part, anything), { maxKeys: 2 })]),
      ),
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(content, (parts) => {
        const { refusals } = check(readDocument({ name: 'shop', ...parts }), { today })
        for (const { code, message } of refusals) expect(`${code} ${message}`).toMatch(/^SW1\d{3} ./)
      }),
      { numRuns: 300 },
    )
  })
})
