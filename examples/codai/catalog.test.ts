import { check, loadFleet, resolve } from '@seaworthy/model'
import { describe, expect, test } from 'vitest'

const today = '2026-11-20'
const loaded = await loadFleet(import.meta.dirname)
const [staging, production] = ['staging', 'production'].map((name) => resolve(loaded.document, name))
const [minute, second] = [60_000, 1000]
const services = Object.values(production?.services ?? {})
const namesOf = (tier: string): string[] => services.filter((service) => service.tier === tier).map(({ name }) => name)
const alerts = production?.monitoring.alerts ?? {}
const conditions = (tier: string, severity: string): string[] =>
  (alerts[tier] ?? []).filter((alert) => alert.severity === severity).map(({ when }) => when)

describe('the catalog of codai', () => {
  test('is accepted without a warning; one is silenced for a reason', () => {
    const { refusals, warnings, silenced } = check(loaded, { today })
    expect([...refusals, ...warnings]).toEqual([])
    expect(new Set(silenced.map(({ code }) => code))).toEqual(new Set(['SW2110']))
  })
})

describe('the name that cannot be one', () => {
  test('AIDE is refused, with the name to write instead', async () => {
    const { refusals } = check(await loadFleet(`${import.meta.dirname}/as-claimed`), { today })
    expect(refusals).toMatchObject([
      { code: 'SW1007', path: 'services.AIDE', hint: 'write aide', where: { line: expect.any(Number) } },
    ])
  })
})

describe('29 services', () => {
  test('core', () => expect(namesOf('core')).toEqual(['codai', 'memorai', 'logai']))
  test('business', () => {
    const names = ['bancai', 'wallet', 'fabricai', 'studiai', 'sociai', 'cumparai', 'x', 'publicai']
    expect(namesOf('business')).toEqual(names)
  })
  test('support', () => {
    expect(namesOf('support')).toEqual(
      'admin aide ajutai analizai dash docs explorer hub id jucai kodex legalizai marketai metu mod stocai templates tools'.split(
        ' ',
      ),
    )
  })
  test('together', () => expect(services).toHaveLength(29))
  test.each([
    ['codai', 'platform hub'],
    ['memorai', 'memory and database'],
    ['logai', 'identity and authentication'],
    ['bancai', 'finance'],
    ['fabricai', 'AI services'],
    ['studiai', 'education'],
    ['sociai', 'social'],
    ['cumparai', 'shopping'],
    ['x', 'trading'],
    ['publicai', 'public AI'],
    ['aide', 'development environment'],
    ['ajutai', 'help'],
    ['analizai', 'analytics'],
    ['explorer', 'blockchain explorer'],
    ['id', 'identity management'],
    ['jucai', 'games'],
    ['kodex', 'code repository'],
    ['legalizai', 'legal'],
    ['marketai', 'marketing'],
    ['metu', 'metrics'],
    ['stocai', 'stocks'],
  ])('%s is for %s', (name, purpose) => expect(production?.services[name]?.description).toBe(purpose))
})

describe('what they share', () => {
  test('one PostgreSQL, one Redis', () => {
    expect([Object.keys(production?.postgres ?? {}), Object.keys(production?.redis ?? {})]).toEqual([
      ['database'],
      ['cache'],
    ])
    for (const { needs } of services) expect(needs.map(({ on }) => on.name)).toEqual(['database', 'cache'])
  })
  test('a namespace and a quota of CPU, memory and storage in staging and production', () => {
    for (const fleet of [staging, production]) {
      expect(fleet?.environment.namespace).toMatch(/^codai-(staging|production)$/)
      const quota = { cpu: expect.any(Number), memory: expect.any(Number), storage: expect.any(Number) }
      expect(fleet?.environment.quota).toMatchObject(quota)
    }
  })
  test('networks that deny by default, and restricted pods: no exception anywhere', () => {
    for (const { network, security } of services) {
      expect(network).toEqual({ egress: [], ingress: [], anywhere: false })
      expect(security).toEqual([])
    }
  })
  test('autoscaling, a disruption budget, an ingress with TLS and a service monitor for each', () => {
    for (const { scale, minAvailable, routes, name } of services) {
      expect(scale?.max).toBeGreaterThan(scale?.min ?? Number.NaN)
      expect(minAvailable).toBeGreaterThan(0)
      expect(routes).toMatchObject([{ host: name, path: '/' }])
    }
    expect(production?.environment).toMatchObject({ ingress: 'ingress', tls: 'cert-manager' })
    expect(production?.monitoring.operator).toBe(true)
  })
})

describe('scraped', () => {
  test('core every 15 s, business every 30 s, support every 60 s', () => {
    expect(production?.monitoring.scrape).toEqual({ core: 15 * second, business: 30 * second, support: 60 * second })
  })
})

describe('critical alerts, at once', () => {
  test('node or API server down, database unreachable', () => {
    expect(conditions('fleet', 'critical')).toEqual(['nodes-down > 0', 'api-servers-down > 0', 'databases-down > 0'])
  })
  test('core service down', () => expect(conditions('core', 'critical')).toContain('down'))
  test.each(['core', 'business', 'support'])('%s: errors > 5 %%, CPU, memory or disk > 90 %%, crash loops', (tier) => {
    expect(conditions(tier, 'critical')).toEqual(
      expect.arrayContaining(['errors > 5%', 'cpu > 90%', 'memory > 90%', 'disk > 90%', 'crashes > 5/h']),
    )
  })
  test('PagerDuty, then the team lead, then the on-call engineer', () => {
    expect(production?.monitoring.notify.critical).toBe('at-once')
    const steps = production?.escalations['at-once']?.steps
    expect(steps?.map(({ to }) => to[0])).toEqual([
      'pagerduty:codai',
      'pagerduty:team-lead',
      'pagerduty:on-call-engineer',
    ])
    expect(steps?.[0]?.after).toBe(0)
  })
})

describe('warnings, within 30 min', () => {
  test('business service down', () => expect(conditions('business', 'warning')).toContain('down'))
  test.each(['core', 'business'])('%s: errors > 2 %%, CPU or memory > 80 %%, slower than usual', (tier) => {
    expect(conditions(tier, 'warning')).toEqual(
      expect.arrayContaining(['errors > 2%', 'cpu > 80%', 'memory > 80%', 'slowdown > 1.5x']),
    )
  })
  test('certificate near its end', () => expect(conditions('fleet', 'warning')).toEqual(['certificate-expiry < 14d']))
  test('Slack, team channel, daily list', () => {
    expect(production?.escalations.soon).toMatchObject({
      steps: [{ to: ['slack:#codai-alerts', 'slack:#codai-team', 'report:daily'] }],
      respond: 30 * minute,
    })
  })
})

describe('information, best effort', () => {
  test('health, deployments, status and business of support services', () => {
    expect(conditions('support', 'info')).toEqual(['down', 'ready < 100%', 'releases > 0/h', 'requests < 1/h'])
  })
  test('dashboard and weekly report', () => {
    expect(production?.escalations.whenever?.steps).toMatchObject([{ to: ['dashboard:codai', 'report:weekly'] }])
  })
})

describe('release', () => {
  test('rolling, blue-green and canary by tier, and a feature flag', () => {
    const strategies = new Set(services.map(({ tier, rollout }) => `${tier} ${rollout.strategy}`))
    expect([...strategies]).toEqual(['core canary', 'business blue-green', 'support rolling'])
    expect(production?.services.cumparai?.flags).toMatchObject({ 'new-checkout': { ramp: [0.05, 0.25, 1] } })
  })
})
