import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fleet } from '../author/fleet.ts'
import { environment, postgres, secret, service } from '../author/parts.ts'
import { readDocument } from '../read/read-document.ts'
import { service as serviceNode } from '../schema/service.ts'
import { desugar } from '../schema/short-form.ts'
import { merge, mergeWritten } from './merge.ts'
import { resolve, resolver } from './resolve.ts'

describe('merging', () => {
  const leaf = fc.oneof(
    fc.integer(),
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.integer(), { maxLength: 3 }),
  )
  /** Layers that agree on what is an object: what the schema guarantees of overlays. */
  const layer = fc.record(
    {
      a: leaf,
      b: leaf,
      c: fc.record({ d: leaf, e: fc.record({ f: leaf }, { requiredKeys: [] }) }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  )

  test('is associative where layers agree on what is an object', () => {
    fc.assert(
      fc.property(layer, layer, layer, (a, b, c) => {
        expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)))
      }),
    )
  })

  test('changes nothing with an empty layer on either side', () => {
    fc.assert(
      fc.property(layer, (a) => {
        expect(merge(a, {})).toEqual(a)
        expect(merge({}, a)).toEqual(a)
      }),
    )
  })

  test('is not associative where an object comes back after a single value: the order of layers is the meaning', () => {
    const [a, b, c] = [{ x: { p: 1 } }, { x: 2 }, { x: { q: 3 } }]
    expect(merge(merge(a, b), c)).not.toEqual(merge(a, merge(b, c)))
  })

  test('of short forms is the same as merging what they stand for', () => {
    const slo = fc.oneof(
      fc.constantFrom('99%', '99.9%'),
      fc.record({ availability: fc.constant('98%'), window: fc.constant('7d') }, { requiredKeys: [] }),
    )
    const written = fc.record(
      {
        slo,
        stop: fc.oneof(fc.constant('5s'), fc.record({ grace: fc.constant('1m') })),
        scale: fc.oneof(fc.constant([1, 5]), fc.record({ max: fc.constant(9) }), fc.constant(null)),
        env: fc.record(
          { A: fc.oneof(fc.constant('x'), fc.constant({ secret: 'jwt' })), B: fc.constant(1) },
          { requiredKeys: [] },
        ),
        health: fc.oneof(fc.constant('/ready'), fc.record({ live: fc.constant('/live') })),
        routes: fc.constant(['/v1']),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(written, written, (base, overlay) => {
        const direct = desugar(serviceNode, mergeWritten(serviceNode, base, overlay))
        expect(direct).toEqual(merge(desugar(serviceNode, base), desugar(serviceNode, overlay)))
      }),
    )
  })
})

describe('a resolved fleet', () => {
  const api = service('api', {
    port: 3000,
    needs: [postgres('order-db')],
    env: { LEVEL: 'info', KEY: secret('jwt-key') },
    slo: '99.9%',
    scale: [3, 10],
    health: '/ready',
    routes: ['api.example.com/v1', '/v2', 'shop'],
    protect: { rateLimit: '60/min' },
    on: {
      development: { scale: null, cpu: '100m', env: { LEVEL: 'debug' } },
      production: { scale: { min: 5 }, slo: { window: '7d' }, stop: '5s' },
    },
  })
  const document = fleet('shop', {
    services: [api, service('worker')],
    environments: [environment('development'), environment('production', { env: { REGION: 'eu', LEVEL: 'warn' } })],
  })
  const development = resolve(document, 'development')
  const production = resolve(document, 'production')

  test('has its units parsed and its defaults filled in', () => {
    expect(production.services.api).toMatchObject({
      name: 'api',
      cpu: 0.25,
      memory: 256 * 2 ** 20,
      timeout: 30_000,
      tier: 'business',
      slo: { availability: 0.999, window: 7 * 86_400_000 },
      stop: { signal: 'SIGTERM', drain: 5000, grace: 30_000 },
      health: { ready: { http: '/ready', every: 10_000 } },
    })
  })

  test('has short routes taken apart', () => {
    expect(production.services.api?.routes.map(({ host, path }) => [host, path])).toEqual([
      ['api.example.com', '/v1'],
      [undefined, '/v2'],
      ['shop', '/'],
    ])
  })

  test('has overlays merged: objects merge, the rest replaces, null goes back to the default', () => {
    expect(production.services.api?.scale).toMatchObject({ min: 5, max: 10 })
    expect(development.services.api?.scale).toBeUndefined()
    expect(development.services.api).toMatchObject({ replicas: 1, cpu: 0.1, env: { LEVEL: 'debug' } })
  })

  test('has the variables of the environment beneath those of the service', () => {
    expect(production.services.api?.env).toMatchObject({ REGION: 'eu', LEVEL: 'info' })
    expect(production.services.worker?.env).toEqual({ REGION: 'eu', LEVEL: 'warn' })
    expect(development.services.worker?.env).toEqual({})
  })

  test('has what follows from other values', () => {
    expect(production.services.api?.needs[0]).toMatchObject({
      on: { kind: 'postgres', name: 'order-db' },
      as: 'ORDER_DB',
    })
    expect(production.postgres['order-db']?.database).toBe('order_db')
    expect(production.secrets['jwt-key']?.from).toBe('env:JWT_KEY')
    expect(production.services.worker?.protocol).toBe('worker')
    expect(production.services.api?.protocol).toBe('http')
    expect(production.services.api?.protect.rateLimit).toMatchObject({ limit: 1, burst: 60 })
    expect(production.environment).toMatchObject({ name: 'production', namespace: 'shop' })
  })

  test('shares parts that no environment changes', () => {
    const inEnvironment = resolver(
      fleet('shop', { services: [service('worker')], environments: [environment('a'), environment('b')] }),
    )
    expect(inEnvironment('a').services.worker).toBe(inEnvironment('b').services.worker)
  })

  test('is the same however it was written', () => {
    const plain = readDocument(JSON.parse(JSON.stringify(document)))
    expect(resolve(plain, 'production')).toEqual(production)
  })

  test('without environments has one, called development', () => {
    expect(resolve(fleet('shop'), 'development').environment).toMatchObject({ engine: 'machine', namespace: 'shop' })
  })

  test('cannot be had for an environment that is not there', () => {
    expect(() => resolve(document, 'prodution')).toThrowError(
      expect.objectContaining({ code: 'SW1011', hint: 'write production' }),
    )
  })

  test('cannot be had from a document with problems, unless in part', () => {
    const wrong = fleet('shop', { services: [service('api', { port: 'x', memory: '1Gi' } as never)] })
    expect(() => resolve(wrong, 'development')).toThrowError(expect.objectContaining({ code: 'SW1003' }))
    expect(resolve(wrong, 'development', { partial: true }).services.api).toMatchObject({ memory: 2 ** 30 })
  })
})
