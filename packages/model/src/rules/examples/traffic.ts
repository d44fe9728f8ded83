import fc from 'fast-check'
import { environment, external, job, postgres, type ServicePart, secret, service } from '../../author/parts.ts'
import type { ApiVersionSpec, ProtectionsSpec, RouteSpec, ServiceSpec } from '../../authored.generated.ts'
import type { FleetDocument } from '../../document.ts'
import { readDocument } from '../../read/read-document.ts'
import { api, between, example, oneOf, production, type RuleExample, shop, shopOf } from './example.ts'

const web = (spec: ServiceSpec): ServicePart => service('web', { run: 'node web.ts', port: 3000, ...spec })
const two = (first: RouteSpec | string, second: RouteSpec | string): FleetDocument =>
  shop({ services: [api({ routes: [first] }), web({ routes: [second] })] })
const versioned = (version: ApiVersionSpec): FleetDocument =>
  shopOf({
    routes: [
      { path: '/v1', version },
      { path: '/v2', version: 'v2' },
    ],
  })
const protectedBy = (protect: ProtectionsSpec): FleetDocument => shopOf({ protect })

/** A chain of services, each needing the next; parts made of values cannot form a circle, names in a file can. */
function chain(length: number, closed: boolean, optional = false): FleetDocument {
  const services = Array.from({ length }, (_, index) => {
    const last = index === length - 1
    const on = last ? 'link-0' : `link-${index + 1}`
    const needs = last && !closed ? [] : [{ on, optional: last && optional }]
    return [`link-${index}`, { run: 'node link.ts', port: 3000, routes: [`/${index}`], needs }] as const
  })
  return readDocument({ schema: 1, name: 'shop', services: Object.fromEntries(services) })
}

/** Examples of rules on routes, ports, versions, protections, waiting and dependencies. */
export const trafficExamples: readonly RuleExample[] = [
  example(
    'SW1501',
    ([first, second]) => two(first, second),
    oneOf<readonly [RouteSpec | string, RouteSpec | string]>(
      ['/v1', '/v1'],
      ['/v1', '/v1/'],
      ['api.example.com/v1', 'api.example.com/v1'],
      [
        { path: '/v1', methods: ['GET', 'POST'] },
        { path: '/v1', methods: ['POST'] },
      ],
      [
        { path: '/', version: 'v1' },
        { path: '/', version: 'v1' },
      ],
      [
        { path: '/', headers: { 'X-Beta': '1' } },
        { path: '/', headers: { 'x-beta': '1' } },
      ],
    ),
    oneOf<readonly [RouteSpec | string, RouteSpec | string]>(
      ['/v1', '/v2'],
      ['/', '/v1'],
      ['api.example.com/v1', '/v1'],
      [
        { path: '/v1', methods: ['GET'] },
        { path: '/v1', methods: ['POST'] },
      ],
      [{ path: '/v1', methods: ['GET'] }, '/v1'],
      [
        { path: '/', version: 'v1' },
        { path: '/', version: 'v2' },
      ],
      [{ path: '/', headers: { 'X-Beta': '1' } }, '/'],
    ),
  ),
  example<ServiceSpec>(
    'SW1502',
    (spec) => shop({ services: [service('api', { run: 'node api.ts', routes: ['/'], ...spec })] }),
    oneOf<ServiceSpec>({}, { protocol: 'http' }, { protocol: 'tcp', port: 5000 }, { protocol: 'worker', port: 3000 }),
    oneOf<ServiceSpec>({ port: 3000 }, { port: 3000, protocol: 'grpc' }),
  ),
  example<ServiceSpec>(
    'SW1503',
    (spec) => shop({ services: [service('api', { run: 'node api.ts', ...spec })] }),
    oneOf<ServiceSpec>(
      { protocol: 'http' },
      { port: 3000, ports: { admin: { port: 3000 } } },
      { port: 3000, ports: { admin: { port: 3001 }, debug: { port: 3001 } } },
    ),
    oneOf<ServiceSpec>({}, { port: 3000, ports: { admin: { port: 3001 }, debug: { port: 3002 } } }),
  ),
  example(
    'SW1504',
    (host) => shopOf({ routes: [{ host, path: '/' }] }),
    oneOf(
      'https://api.example.com',
      'API.example.com',
      'api.example.com:8080',
      'api_1.example.com',
      '*example.com',
      'a..b',
    ),
    oneOf('api.example.com', '*.example.com', 'api'),
  ),
  example(
    'SW1505',
    ([first, second]) => shop({ services: [api({ hostPort: first }), web({ hostPort: second })] }),
    between(1024, 65_535).map((port) => [port, port] as const),
    between(1024, 65_534).map((port) => [port, port + 1] as const),
  ),
  example(
    'SW1506',
    ({ hostPort, gatewayPort }) =>
      shop({ environments: [environment('here', { gatewayPort })], services: [api({ hostPort })] }),
    between(1024, 65_535).map((port) => ({ hostPort: port, gatewayPort: port })),
    fc.oneof(
      between(1024, 65_534).map((port) => ({ hostPort: port, gatewayPort: port + 1 })),
      between(1024, 65_535).map((port) => ({ hostPort: port, gatewayPort: 0 })),
    ),
  ),
  example(
    'SW1507',
    ({ replicas, antiAffinity }) => shopOf({ hostPort: 9000, replicas, place: { antiAffinity } }),
    between(2, 9).map((replicas) => ({ replicas, antiAffinity: 'preferred' as const })),
    fc.oneof(
      fc.constant({ replicas: 1, antiAffinity: 'preferred' as const }),
      between(1, 9).map((replicas) => ({ replicas, antiAffinity: 'required' as const })),
    ),
  ),
  example(
    'SW2501',
    (tls) => shop({ environments: [production({ tls })], services: [api()] }),
    oneOf('off', 'development'),
    oneOf('cert-manager', 'files'),
  ),
  example<ServiceSpec>(
    'SW2502',
    (spec) => shop({ services: [service('api', { run: 'node api.ts', ...spec })] }),
    fc.constant({ port: 3000 }),
    oneOf<ServiceSpec>({ port: 3000, routes: ['/'] }, { port: 3000, hostPort: 9000 }, {}),
  ),
  example(
    'SW2502',
    (needed) => {
      const model = service('model', { run: 'node model.ts', port: 3000 })
      return shop({ services: [model, api({ needs: needed ? [model] : [] })] })
    },
    fc.constant(false),
    fc.constant(true),
  ),
  example(
    'SW1510',
    ({ deprecated, sunset }) => versioned({ name: 'v1', status: 'deprecated', deprecated, sunset, successor: 'v2' }),
    oneOf({ deprecated: '2027-06-01', sunset: '2027-05-31' }, { deprecated: '2028-01-01', sunset: '2027-12-31' }),
    oneOf({ deprecated: '2027-06-01', sunset: '2027-06-01' }, { deprecated: '2026-06-01', sunset: '2027-12-31' }),
  ),
  example<ApiVersionSpec>(
    'SW1511',
    versioned,
    oneOf<ApiVersionSpec>({ name: 'v1', sunset: '2026-11-19' }, { name: 'v1', status: 'beta', sunset: '2020-01-01' }),
    oneOf<ApiVersionSpec>(
      { name: 'v1', sunset: '2026-11-20' },
      { name: 'v1', status: 'deprecated', sunset: '2026-11-19' },
      { name: 'v1' },
    ),
  ),
  example('SW1512', (successor) => versioned({ name: 'v1', successor }), oneOf('v3', 'v1'), fc.constant('v2' as const)),
  example<ApiVersionSpec>(
    'SW2510',
    versioned,
    fc.constant({ name: 'v1', sunset: '2027-01-01' }),
    oneOf<ApiVersionSpec>({ name: 'v1', sunset: '2027-01-01', deprecated: '2026-06-01' }, { name: 'v1' }),
  ),
  example(
    'SW2511',
    (sunset) => versioned({ name: 'v1', status: 'deprecated', deprecated: '2020-01-01', sunset }),
    oneOf('2026-11-19', '2020-06-01'),
    oneOf('2026-11-20', '2030-01-01'),
  ),
  example(
    'SW1520',
    ({ origins, credentials }) => protectedBy({ cors: { origins, credentials } }),
    oneOf({ origins: ['*'], credentials: true }, { origins: ['https://a.example', '*'], credentials: true }),
    oneOf({ origins: ['*'], credentials: false }, { origins: ['https://a.example'], credentials: true }),
  ),
  example<ProtectionsSpec>(
    'SW1521',
    protectedBy,
    oneOf<ProtectionsSpec>(
      { auth: {} },
      { auth: { jwt: { issuer: 'https://id.example' } } },
      { auth: { jwt: { issuer: 'https://id.example', jwks: 'https://id.example/keys', secret: secret('jwt') } } },
    ),
    oneOf<ProtectionsSpec>(
      {},
      { auth: { apiKey: { secret: secret('keys') } } },
      { auth: { jwt: { issuer: 'https://id.example', jwks: 'https://id.example/keys' } } },
    ),
  ),
  example<ProtectionsSpec>(
    'SW1522',
    protectedBy,
    oneOf<ProtectionsSpec>(
      { rateLimit: { limit: '60/min', exempt: ['/health', '/'] } },
      { auth: { apiKey: { secret: secret('keys') }, exempt: ['/'] } },
    ),
    oneOf<ProtectionsSpec>(
      { rateLimit: '60/min' },
      { auth: { apiKey: { secret: secret('keys') }, exempt: ['/docs'] } },
    ),
  ),
  example('SW1523', (limit) => protectedBy({ rateLimit: `${limit}/min` }), fc.constant(0), between(1, 10_000)),
  example<ServiceSpec>(
    'SW1524',
    shopOf,
    fc.constant({ affinity: 'header' }),
    oneOf<ServiceSpec>({ affinity: { by: 'header', name: 'X-Session' } }, { affinity: 'cookie' }, { affinity: 'ip' }),
  ),
  example<ServiceSpec>(
    'SW1525',
    shopOf,
    fc.constant({ network: { anywhere: true, egress: ['api.openai.com:443'] } }),
    oneOf<ServiceSpec>({ network: { anywhere: true } }, { network: { egress: ['api.openai.com:443'] } }),
  ),
  example(
    'SW1530',
    ({ timeout, wait, retries }) =>
      shopOf({ timeout: `${timeout}ms`, needs: [{ on: postgres('db'), timeout: `${wait}ms`, retries }] }),
    fc
      .tuple(between(1, 9000), between(0, 9))
      .map(([wait, retries]) => ({ wait, retries, timeout: Math.max(1, wait * (retries + 1) - 1) }))
      .filter(({ wait, retries, timeout }) => timeout < wait * (retries + 1)),
    fc
      .tuple(between(1, 9000), between(0, 9))
      .map(([wait, retries]) => ({ wait, retries, timeout: wait * (retries + 1) })),
  ),
  example(
    'SW2520',
    ({ patience, wait, retries }) => {
      const model = service('model', {
        run: 'node model.ts',
        port: 3000,
        needs: [{ on: postgres('db'), timeout: `${wait}ms`, retries }],
      })
      return shop({ services: [api({ needs: [{ on: model, timeout: `${patience}ms` }] })] })
    },
    fc
      .tuple(between(2, 5000), between(0, 4))
      .map(([wait, retries]) => ({ wait, retries, patience: wait * (retries + 1) - 1 })),
    fc
      .tuple(between(2, 5000), between(0, 4))
      .map(([wait, retries]) => ({ wait, retries, patience: wait * (retries + 1) })),
  ),
  example(
    'SW2521',
    ([gateway, first, second]) => {
      const db = postgres('db')
      const model = service('model', {
        run: 'node model.ts',
        port: 3000,
        needs: [{ on: db, timeout: '1ms', retries: second }],
      })
      return shop({ services: [api({ retries: gateway, needs: [{ on: model, timeout: '100ms', retries: first }] })] })
    },
    oneOf<readonly [number, number, number]>([1, 2, 1], [3, 2, 0], [0, 4, 1], [0, 1, 5]),
    oneOf<readonly [number, number, number]>([1, 0, 3], [3, 0, 0], [0, 2, 2], [2, 2, 0]),
  ),
  {
    code: 'SW1601',
    fails: between(2, 40).map((length) => chain(length, true)),
    holds: fc.oneof(
      between(1, 40).map((length) => chain(length, false)),
      between(1, 40).map((length) => chain(length, true, true)),
    ),
  },
  example(
    'SW1602',
    ([first, second]) =>
      shopOf({
        needs: [
          { on: postgres('orders'), as: first },
          { on: postgres('users'), as: second },
        ],
      }),
    oneOf(['DATABASE', 'DATABASE'], ['DB', 'DB']),
    oneOf(['ORDERS', 'USERS'], ['DB', 'DB_2']),
  ),
  example(
    'SW1603',
    (port) => {
      const worker = service('worker', { run: 'node worker.ts', ...(port !== undefined && { port }) })
      return shop({ services: [api({ needs: [worker] })] })
    },
    fc.constant(undefined),
    between(1, 65_535),
  ),
  example(
    'SW1604',
    (schedule) => {
      const seed = job('seed', { run: 'node seed.ts', ...(schedule !== undefined && { schedule }) })
      return shop({ services: [api({ needs: [seed] })] })
    },
    oneOf('0 2 * * *', '*/5 * * * *'),
    fc.constant(undefined),
  ),
  example(
    'SW2601',
    ({ tier, theirs, optional }) => {
      const other = web({ tier: theirs, routes: ['/web'] })
      return shop({ services: [api({ tier, needs: [{ on: other, optional }] })] })
    },
    oneOf({ tier: 'core', theirs: 'support', optional: false }, { tier: 'core', theirs: 'business', optional: false }),
    oneOf(
      { tier: 'core', theirs: 'core', optional: false },
      { tier: 'core', theirs: 'support', optional: true },
      { tier: 'business', theirs: 'support', optional: false },
    ),
  ),
  example(
    'SW2602',
    (variable) =>
      shopOf({ env: { [variable]: 'postgres://elsewhere/app' }, needs: [{ on: postgres('db'), as: 'DATABASE' }] }),
    fc.constant('DATABASE_URL'),
    oneOf('REPLICA_URL', 'DATABASE_HOST'),
  ),
  example(
    'SW2603',
    ({ check, optional }) =>
      shopOf({ needs: [{ on: external('openai', { url: 'https://api.openai.com', check }), optional }] }),
    fc.constant({ check: 'none' as const, optional: false }),
    oneOf({ check: 'tcp', optional: false }, { check: 'http', optional: false }, { check: 'none', optional: true }),
  ),
]
