import { describe, expect, test } from 'vitest'
import { fleet } from '../author/fleet.ts'
import { environment, postgres, secret, service } from '../author/parts.ts'
import { resolve } from '../resolve/resolve.ts'
import { explain } from './explain.ts'

const document = fleet('shop', {
  services: [
    service('api', {
      port: 3000,
      needs: [postgres('db')],
      protect: { rateLimit: '60/min' },
      slo: { availability: '99.9%', window: '7d' },
      routes: ['/v1', '/v2'],
      stop: '9s',
      env: { KEY: secret('jwt') },
      silence: [{ code: 'SW2003', reason: 'seen', until: '2027-01-01' }],
      on: { production: { slo: '99.95%', routes: ['api/v1'], stop: null, env: { LEVEL: 'warn' } } },
    }),
  ],
  environments: [environment('production', { env: { REGION: 'eu' } })],
})
const loaded = { document, locate: (path: string) => ({ file: 'shop.mts', line: 7, path }) }
const explanation = explain(loaded, { environment: 'production', part: 'api' })
const [api] = explanation.parts
const values = new Map(api?.values.map((value) => [value.path, value]))

describe('every value in force says where it comes from', () => {
  const origins: readonly (readonly [string, string, string])[] = [
    ['port', '3000', 'file'],
    ['slo.window', '7d', 'file'],
    ['slo.availability', '99.95%', 'overlay'],
    ['routes[0].host', 'api', 'overlay'],
    ['routes[0].stripPath', 'false', 'default'],
    ['stop.drain', '20s', 'overlay'],
    ['env.REGION', 'eu', 'environment'],
    ['env.LEVEL', 'warn', 'overlay'],
    ['env.KEY.secret', 'jwt', 'file'],
    ['memory', '256Mi', 'default'],
    ['protect.rateLimit.limit', '60/min', 'file'],
    ['protect.rateLimit.burst', '60', 'derived'],
    ['needs[0].on', 'postgres db', 'file'],
    ['needs[0].as', 'DB', 'derived'],
    ['replicas', '1', 'derived'],
    ['place.machines', 'none', 'default'],
  ]
  for (const [path, text, kind] of origins) {
    test(`${path} is ${text}, from the ${kind}`, () => {
      expect(values.get(path)).toMatchObject({ text, origin: { kind } })
    })
  }

  test('a list that an overlay replaced shows nothing of the one beneath', () => {
    expect(values.has('routes[1].path')).toBe(false)
  })

  test('values keep the number they resolved to beside the text', () => {
    expect(values.get('memory')).toMatchObject({ value: 256 * 2 ** 20, unit: 'size' })
  })
})

test('no value in force is left out', () => {
  const leaves = (value: unknown, path: string): string[] => {
    if (typeof value !== 'object' || value === null) return [path]
    const entries = Object.entries(value)
    if (entries.length === 0 || (Array.isArray(value) && value.every((item) => typeof item !== 'object'))) return [path]
    return entries.flatMap(([key, item]) => leaves(item, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`))
  }
  const service = resolveApi()
  const shown = new Set([...values.keys()].map((path) => path.replace(/\["?(\D.*?)"?\]/g, '.$1')))
  const missing = Object.entries(service)
    .filter(([key]) => key !== 'name' && key !== 'silence')
    .flatMap(([key, value]) => leaves(value, key))
    .filter((path) => !shown.has(path) && !shown.has(path.replace(/\.(kind|name)$/, '')))
  expect(missing).toEqual([])
})

test('warnings that are silenced are listed with reason and end', () => {
  expect(explanation.silenced).toEqual([
    {
      code: 'SW2003',
      reason: 'seen',
      until: '2027-01-01',
      where: { file: 'shop.mts', line: 7, path: 'services.api.silence[0]' },
    },
  ])
})

test('without a part, the fleet, its environment and every part are explained', () => {
  const { parts } = explain(loaded, { environment: 'production' })
  expect(parts.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'fleet shop',
    'service api',
    'postgres db',
    'secret jwt',
    'environment production',
  ])
})

test('the name of the fleet means the fleet, unless a part has it', () => {
  expect(explain(loaded, { environment: 'production', part: 'shop' }).parts.map(({ kind }) => kind)).toEqual(['fleet'])
})

test('a part that is not there is refused with the nearest that is', () => {
  expect(() => explain(loaded, { environment: 'production', part: 'apo' })).toThrowError(
    expect.objectContaining({ code: 'SW1030', hint: 'did you mean api?' }),
  )
})

function resolveApi(): object {
  return resolve(document, 'production').services.api ?? {}
}
