import type { Job } from '@seaworthy/model'
import type { DownOptions, LogQuery, RouteOptions, Shares, VersionRequest } from '../contract.ts'
import type { Plan } from '../contract-plan.ts'
import type { MachineEngine } from '../machine/engine/machine-engine.ts'
import { engineProblem } from '../problem-codes.ts'
import type { ApiRequest, ApiRoute, Schema } from './api-route.ts'

const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })
const list = (items: Schema): Schema => ({ type: 'array', items })
const text: Schema = { type: 'string' }

/** The engine's verbs as operations of the API. */
export function engineRoutes(engine: MachineEngine): readonly ApiRoute[] {
  return [
    {
      method: 'POST',
      path: '/v1/plan',
      operation: 'plan',
      summary: 'What apply would do to get to this fleet; changes nothing',
      body: object({ fleet: ref('Fleet'), replacement: { enum: ['rolling', 'keep'] } }, ['fleet']),
      answer: ref('Plan'),
      handle: value(({ body }) => {
        const { fleet, replacement } = record(body) as { fleet: Plan['fleet']; replacement?: Plan['replacement'] }
        return engine.plan(fleet, replacement)
      }),
    },
    {
      method: 'POST',
      path: '/v1/apply',
      operation: 'apply',
      summary: "Makes the plan's fleet the desired one; events until it is settled or stuck",
      body: ref('Plan'),
      answer: ref('EngineEvent'),
      handle: { kind: 'events', run: ({ body }) => engine.apply(record(body) as unknown as Plan) },
    },
    {
      method: 'POST',
      path: '/v1/down',
      operation: 'down',
      summary: 'Stops everything, dependents first; events until nothing runs, then the controller ends',
      body: object({ destroy: { type: 'boolean' }, force: { type: 'boolean' } }),
      answer: ref('EngineEvent'),
      handle: { kind: 'events', run: ({ body }) => engine.down((body ?? {}) as DownOptions) },
    },
    {
      method: 'GET',
      path: '/v1/state',
      operation: 'state',
      summary: 'Everything that is known now',
      answer: ref('EngineState'),
      handle: value(() => engine.state()),
    },
    {
      method: 'GET',
      path: '/v1/observe',
      operation: 'observe',
      summary: 'Every replica there is, then `synced`, then each change as it happens',
      answer: ref('Observation'),
      handle: { kind: 'events', run: ({ signal }) => engine.observe(signal) },
    },
    {
      method: 'GET',
      path: '/v1/counters',
      operation: 'counters',
      summary: "The gateway's cumulative counts, a page per worker",
      answer: list({ type: 'object' }),
      handle: value(() => engine.counters()),
    },
    {
      method: 'GET',
      path: '/v1/transitions',
      operation: 'transitions',
      summary: 'What happened lately, oldest first',
      query: {
        limit: { schema: { type: 'integer', minimum: 1, maximum: 10_000 }, help: 'how many; 100 unless given' },
      },
      answer: list(object({ at: { type: 'integer' }, subject: text, text })),
      handle: value(async ({ query }) => engine.transitions(number(query, 'limit', 100))),
    },
    {
      method: 'GET',
      path: '/v1/logs',
      operation: 'logs',
      summary: 'The last lines that replicas, a resource or a job wrote; secrets are masked',
      query: {
        service: { schema: text, help: 'service, resource or job' },
        version: { schema: text, help: 'only this version' },
        replica: { schema: text, help: 'only this replica' },
        lines: {
          schema: { type: 'integer', minimum: 1, maximum: 10_000 },
          help: 'lines per replica; 100 unless given',
        },
      },
      answer: list(object({ replica: text, text })),
      handle: value(({ query }) => engine.logs(logQuery(query))),
    },
    {
      method: 'GET',
      path: '/v1/logs/follow',
      operation: 'followLogs',
      summary: 'Every line that is written from now on; secrets are masked',
      query: { service: { schema: text, help: 'service, resource or job; everything when absent' } },
      answer: object({ replica: text, text }),
      handle: { kind: 'events', run: ({ query, signal }) => engine.followLogs(logQuery(query), signal) },
    },
    ...versionRoutes(engine),
    ...jobRoutes(engine),
  ]
}

function versionRoutes(engine: MachineEngine): readonly ApiRoute[] {
  const version = '/v1/services/{service}/versions/{version}'
  return [
    {
      method: 'PUT',
      path: version,
      operation: 'ensureVersion',
      summary: 'Makes sure that a version exists with that many replicas; it gets no traffic yet',
      body: object(
        { replicas: { type: 'integer', minimum: 0 }, overrides: { type: 'object' }, service: { type: 'object' } },
        ['replicas'],
      ),
      answer: ref('VersionState'),
      handle: value(({ path, body }) => {
        const request = { ...record(body), version: path.version } as unknown as VersionRequest
        return engine.ensureVersion(path.service ?? '', request)
      }),
    },
    {
      method: 'PATCH',
      path: version,
      operation: 'scaleVersion',
      summary: 'Changes the number of replicas of one version',
      body: object({ replicas: { type: 'integer', minimum: 0 } }, ['replicas']),
      answer: ref('VersionState'),
      handle: value(({ path, body }) => {
        const { replicas } = record(body) as { replicas: number }
        return engine.scaleVersion(path.service ?? '', path.version ?? '', replicas)
      }),
    },
    {
      method: 'DELETE',
      path: version,
      operation: 'removeVersion',
      summary: 'Removes a version; answers when its last process is gone',
      answer: { type: 'object' },
      handle: value(async ({ path }) => {
        await engine.removeVersion(path.service ?? '', path.version ?? '')
        return {}
      }),
    },
    {
      method: 'GET',
      path: `${version}/preview`,
      operation: 'preview',
      summary: 'Ready replicas of a version, for smoke tests',
      answer: list(object({ replica: text, url: text })),
      handle: value(({ path }) => engine.preview(path.service ?? '', path.version ?? '')),
    },
    {
      method: 'PUT',
      path: '/v1/services/{service}/route',
      operation: 'route',
      summary: 'Changes the shares between versions; answers when they are in force in every gateway worker',
      body: object(
        {
          shares: { type: 'object', additionalProperties: { type: 'number', minimum: 0, maximum: 1 } },
          options: { type: 'object' },
        },
        ['shares'],
      ),
      answer: ref('RouteReceipt'),
      handle: value(({ path, body }) => {
        const { shares, options } = record(body) as { shares: Shares; options?: RouteOptions }
        return engine.route(path.service ?? '', shares, options)
      }),
    },
    {
      method: 'POST',
      path: '/v1/services/{service}/promote',
      operation: 'promote',
      summary: 'Makes a version the desired one; its replicas go on as they are',
      body: object({ version: text }, ['version']),
      answer: ref('VersionState'),
      handle: value(({ path, body }) => engine.promote(path.service ?? '', String(record(body).version))),
    },
    {
      method: 'GET',
      path: '/v1/services/{service}/exposure',
      operation: 'exposure',
      summary: 'Restarts, memory kills and running time by version',
      answer: list(ref('VersionExposure')),
      handle: value(({ path }) => engine.exposure(path.service ?? '')),
    },
  ]
}

function jobRoutes(engine: MachineEngine): readonly ApiRoute[] {
  return [
    {
      method: 'PUT',
      path: '/v1/jobs/{job}/runs/{key}',
      operation: 'runJob',
      summary: 'Runs a job exactly once per key; answers with its outcome',
      body: object({ env: { type: 'object' }, run: {}, image: text }),
      answer: ref('JobOutcome'),
      handle: value(({ path, body }) =>
        engine.runJob(path.job ?? '', path.key ?? '', body as Partial<Pick<Job, 'env' | 'run' | 'image'>> | undefined),
      ),
    },
    {
      method: 'POST',
      path: '/v1/jobs/{job}/runs/{key}/resolve',
      operation: 'resolveJob',
      summary: 'Says how a run ended that nobody saw end',
      body: object({ as: { enum: ['succeeded', 'retry'] } }, ['as']),
      answer: { type: 'object' },
      handle: value(async ({ path, body }) => {
        const { as } = record(body)
        if (as !== 'succeeded' && as !== 'retry') throw wrongBody('expected `as` to be "succeeded" or "retry"')
        engine.resolveJob(path.job ?? '', path.key ?? '', as)
        return {}
      }),
    },
  ]
}

function value(run: (request: ApiRequest) => Promise<unknown>): ApiRoute['handle'] {
  return { kind: 'value', run }
}

function object(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema {
  return { type: 'object', properties, ...(required.length > 0 && { required }) }
}

function record(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body))
    return body as Readonly<Record<string, unknown>>
  throw wrongBody('expected a JSON object as the body')
}

function logQuery(query: URLSearchParams): LogQuery {
  const version = query.get('version') ?? undefined
  const replica = query.get('replica') ?? undefined
  return {
    service: query.get('service') ?? '',
    lines: number(query, 'lines', 100),
    ...(version !== undefined && { version }),
    ...(replica !== undefined && { replica }),
  }
}

function number(query: URLSearchParams, name: string, standard: number): number {
  const written = query.get(name)
  const given = written === null ? standard : Number(written)
  if (Number.isInteger(given) && given >= 1 && given <= 10_000) return given
  throw wrongBody(`expected ${name} to be a whole number from 1 to 10000, found ${written}`)
}

function wrongBody(message: string): Error {
  return engineProblem({ code: 'SW4024', message, hint: 'GET /openapi.json describes every operation.' })
}
