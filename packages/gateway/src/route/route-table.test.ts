import { describe, expect, test } from 'vitest'
import { service as makeService } from '../../testing/snapshots.ts'
import type { RequestHead } from '../message/request-head.ts'
import { ServiceState } from '../pool/service.ts'
import type { Route } from '../snapshot.ts'
import { compileRoute } from './compiled-route.ts'
import { RouteTable } from './route-table.ts'

const service = new ServiceState(makeService([]))
const table = (...routes: (Partial<Route> & { id: string })[]): RouteTable =>
  new RouteTable(
    routes.map((route) =>
      compileRoute({ service: 'api', path: '/', timeoutMs: 1, maxBodyBytes: 1, ...route }, service, []),
    ),
  )
const head = (target: string, more: Partial<RequestHead> = {}): RequestHead => ({
  method: 'GET',
  target,
  path: target.split('?', 1)[0] ?? '',
  authority: 'shop.example',
  protocol: 'HTTP/1.1',
  block: '',
  framing: 'none',
  contentLength: -1,
  expectContinue: false,
  upgrade: false,
  acceptsTrailers: false,
  requestId: '',
  traceparent: '',
  forwarded: undefined,
  ...more,
})
const found = (routes: RouteTable, request: RequestHead): string => {
  const match = routes.match(request)
  return typeof match === 'string' ? match : match.route.id
}

describe('the most specific route wins', () => {
  const paths = table(
    { id: 'root' },
    { id: 'api', path: '/api' },
    { id: 'v1', path: '/api/v1/' },
    { id: 'deep', path: '/a/b/c/d' },
  )
  test.each([
    ['/', 'root'],
    ['/ap', 'root'],
    ['/api', 'api'],
    ['/api/', 'api'],
    ['/apis', 'root'],
    ['/api/v1', 'v1'],
    ['/api/v1/x/y/z', 'v1'],
    ['/api/v10', 'api'],
    ['/a/b/c', 'root'],
    ['/a/b/c/d/e/f/g', 'deep'],
    ['/api?x=/v1', 'api'],
    ['*', 'root'],
  ])('%s goes to %s', (target, id) => {
    expect(found(paths, head(target))).toBe(id)
  })

  const hosts = table(
    { id: 'any' },
    { id: 'exact', host: 'shop.example' },
    { id: 'wild', host: '*.shop.example' },
    { id: 'wilder', host: '*.example' },
    { id: 'exact-admin', host: 'Shop.Example', path: '/admin' },
    { id: 'any-only', path: '/only' },
  )
  test.each([
    ['shop.example', '/', 'exact'],
    ['SHOP.example:8080', '/', 'exact'],
    ['shop.example.', '/', 'exact'],
    ['shop.example', '/admin/x', 'exact-admin'],
    ['a.shop.example', '/', 'wild'],
    ['a.b.shop.example', '/', 'wild'],
    ['b.example', '/', 'wilder'],
    ['other.test', '/', 'any'],
    ['[::1]:80', '/', 'any'],
    ['', '/', 'any'],
    ['shop.example', '/only', 'exact'],
  ])('%s%s goes to %s', (authority, target, id) => {
    expect(found(hosts, head(target, { authority }))).toBe(id)
  })

  test('a route with more conditions is asked before one with fewer', () => {
    const versions = table(
      { id: 'v1' },
      { id: 'v2-header', headers: { 'API-Version': '2' } },
      { id: 'v2-query', query: { version: '2' } },
      { id: 'v3-post', headers: { 'API-Version': '2' }, methods: ['POST'] },
    )
    expect(found(versions, head('/'))).toBe('v1')
    expect(found(versions, head('/', { block: 'api-version: 2\r\n' }))).toBe('v2-header')
    expect(found(versions, head('/', { block: 'api-version: 2\r\n', method: 'POST' }))).toBe('v3-post')
    expect(found(versions, head('/?version=2'))).toBe('v2-query')
    expect(found(versions, head('/?version=2&version=1'))).toBe('v1')
    expect(found(versions, head('/?version=22'))).toBe('v1')
  })

  test('a method that nobody serves is told apart from a path that nobody serves', () => {
    const methods = table(
      { id: 'read', path: '/a', methods: ['GET'] },
      { id: 'write', path: '/a/b', methods: ['POST'] },
    )
    expect(found(methods, head('/a/b'))).toBe('read')
    expect(found(methods, head('/a', { method: 'POST' }))).toBe('method-not-allowed')
    expect(methods.allowed(head('/a/b', { method: 'PUT' }))).toEqual(['GET', 'POST'])
    expect(found(methods, head('/b'))).toBe('no-route')
  })

  test('a thousand routes are found as one', () => {
    const many = table(...Array.from({ length: 1_000 }, (_, i) => ({ id: `r${i}`, path: `/service-${i}/api` })))
    for (const i of [0, 10, 100, 999]) expect(found(many, head(`/service-${i}/api/x`))).toBe(`r${i}`)
    expect(found(many, head('/service-1000/api'))).toBe('no-route')
  })
})
