import { describe, expect, test } from 'vitest'
import { identityOf } from '../canonical-json.ts'
import { type FleetDocument, problemsOf } from '../document.ts'
import { fleet } from './fleet.ts'
import { environment, escalation, external, job, machine, postgres, redis, secret, service, volume } from './parts.ts'

const problems = (document: FleetDocument): string[] =>
  problemsOf(document).map(({ code, where, hint }) => [code, where?.path, hint].filter(Boolean).join(' | '))

describe('a fleet gathers what its parts refer to', () => {
  const db = postgres('db')
  const cache = redis('cache')
  const files = volume('files', { storage: '1Gi' })
  const openai = external('openai', { url: 'https://api.openai.com' })
  const pager = escalation('pager', { steps: [{ to: ['pagerduty:team'] }] })
  const box = machine('box')
  const migrate = job('migrate', { needs: [db] })
  const auth = service('auth', { needs: [{ on: cache }] })
  const api = service('api', {
    needs: [auth, files, openai],
    env: { JWT_KEY: secret('jwt'), SMTP: { secret: secret('smtp'), as: 'file' } },
    place: [box],
    onCall: pager,
    migrations: { before: [migrate] },
    on: { production: { needs: [auth, files, openai, service('search')] } },
  })
  const shop = fleet('shop', {
    services: [api],
    environments: [environment('production')],
    monitoring: { notify: { critical: escalation('night', { steps: [{ to: ['slack:#night'] }] }) } },
  })

  test('services, resources, secrets, machines, jobs and escalations, from wherever they are mentioned', () => {
    expect(problems(shop)).toEqual([])
    const names = (key: string): string[] => Object.keys(shop[key] ?? {})
    expect(names('services')).toEqual(['api', 'auth', 'search'])
    expect(names('postgres')).toEqual(['db'])
    expect(names('redis')).toEqual(['cache'])
    expect(names('volumes')).toEqual(['files'])
    expect(names('externals')).toEqual(['openai'])
    expect(names('secrets')).toEqual(['jwt', 'smtp'])
    expect(names('machines')).toEqual(['box'])
    expect(names('jobs')).toEqual(['migrate'])
    expect(names('escalations')).toEqual(['night', 'pager'])
  })

  test('references become names, and a secret among variables says that it is one', () => {
    expect(shop.services).toMatchObject({
      api: {
        needs: ['auth', 'files', 'openai'],
        env: { JWT_KEY: { secret: 'jwt' }, SMTP: { secret: 'smtp', as: 'file' } },
      },
    })
  })

  test('what the author wrote is left as it was, and making a fleet again gives the same', () => {
    const spec = { port: 3000, env: { A: 'x' }, needs: [db] }
    const make = (): FleetDocument => fleet('shop', { services: [service('api', spec)] })
    expect(identityOf(make())).toBe(identityOf(make()))
    expect(spec).toEqual({ port: 3000, env: { A: 'x' }, needs: [db] })
    expect([spec, spec.env, spec.needs].some(Object.isFrozen)).toBe(false)
  })

  test('the document is frozen all through', () => {
    const open: string[] = []
    const visit = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return
      if (!Object.isFrozen(value)) open.push(path)
      for (const [key, item] of Object.entries(value)) visit(item, `${path}.${key}`)
    }
    visit(shop, 'fleet')
    expect(open).toEqual([])
  })
})

describe('one name for two things', () => {
  test('the same secret made twice is one secret', () => {
    const both = fleet('shop', {
      services: [service('a', { env: { KEY: secret('jwt') } }), service('b', { env: { KEY: secret('jwt') } })],
    })
    expect(problems(both)).toEqual([])
    expect(both.secrets).toEqual({ jwt: {} })
  })

  test('two different parts of one kind are refused', () => {
    const both = fleet('shop', { services: [service('a', { port: 1 }), service('a', { port: 2 })] })
    expect(problems(both)).toEqual([
      'SW1010 | services.a | make it once, keep it in a constant and use that in both places',
    ])
  })

  test('a service and a database of one name are refused, for both would be the same host', () => {
    const both = fleet('shop', { services: [service('db', { needs: [postgres('db')] })] })
    expect(problems(both)).toEqual(['SW1010 | postgres.db | rename one of them, such as db-postgres'])
  })

  test('a secret and a service may share a name', () => {
    expect(problems(fleet('shop', { services: [service('jwt', { env: { KEY: secret('jwt') } })] }))).toEqual([])
  })
})

describe('all that is wrong is noted, with the way out', () => {
  test('in parts, lists and the fleet itself', () => {
    const db = postgres('db')
    const document = fleet('My Shop', {
      services: [
        service('API', {
          prot: 3000,
          memory: '256M',
          needs: db,
          onCall: db,
          rollout: 'cannary',
          env: { KEY: () => 'x' },
          on: { prodution: {} },
        } as never),
        db as never,
        undefined as never,
      ],
      environments: [environment('production')],
      maintainance: {},
    } as never)
    expect(problems(document)).toEqual([
      'SW1007 | name | write my-shop',
      'SW1009 | services[1] | put it in postgres',
      'SW1003 | services[2] | a part must be defined above its use',
      'SW1001 | maintainance | write maintenance: Maintenance windows.',
      'SW1007 | services.API | write api',
      'SW1001 | services.API.prot | write port: Port inside the replica; on one machine each replica finds its own in `PORT`.',
      'SW1004 | services.API.memory | write 256Mi',
      'SW1003 | services.API.needs | put it in a list: [db]',
      'SW1009 | services.API.onCall | pass what escalation(...) returns',
      'SW1006 | services.API.rollout | write canary',
      'SW1012 | services.API.env.KEY',
      'SW1011 | services.API.on.prodution | write production',
    ])
  })

  test('a part used above its definition is explained', () => {
    const later = undefined as never
    expect(problems(fleet('shop', { services: [service('api', { needs: [later] })] }))).toEqual([
      'SW1003 | services.api.needs[0] | a part must be defined above its use',
    ])
  })
})
