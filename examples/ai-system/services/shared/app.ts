import { getRequestListener } from '@hono/node-server'
import { type Check, createMetrics, type Metrics, type RunningService, serve } from '@seaworthy/runtime'
import { Hono } from 'hono'

/** A request that can't be carried out as asked; becomes problem+json. */
export class Refusal extends Error {
  readonly status: 400 | 404 | 409 | 413 | 415 | 422

  constructor(status: Refusal['status'], message: string) {
    super(message)
    this.name = 'Refusal'
    this.status = status
  }
}

/** A JSON object from a request. */
export async function bodyOf(request: { json(): Promise<unknown> }): Promise<Record<string, unknown>> {
  const body = await request.json().catch(() => undefined)
  if (body === null || typeof body !== 'object' || Array.isArray(body))
    throw new Refusal(400, 'the body must be a JSON object')
  return body as Record<string, unknown>
}

/** A field of a body that must be text. */
export function textOf(body: Record<string, unknown>, field: string): string {
  const value = body[field]
  if (typeof value !== 'string' || value.trim() === '')
    throw new Refusal(400, `\`${field}\` must be a text that is not empty`)
  return value
}

/** Name of the group that this process belongs to. */
export const group: string = process.env.SEAWORTHY_SERVICE ?? process.env.SERVICE ?? 'service'

/** Runs a group's HTTP face with health, metrics and drain. */
export async function startGroup(
  routes: (app: Hono, metrics: Metrics) => void,
  options: { readonly checks?: Readonly<Record<string, Check>>; readonly stop?: () => unknown } = {},
): Promise<RunningService> {
  const version = process.env.SEAWORTHY_VERSION ?? process.env.VERSION ?? 'v1'
  const metrics = createMetrics()
  const app = new Hono()
  app.use(async (context, next) => {
    await next()
    context.header('x-service-version', version)
  })
  routes(app, metrics)
  app.notFound((context) =>
    context.json({ title: 'No such path', status: 404, detail: context.req.path }, 404, {
      'content-type': 'application/problem+json',
    }),
  )
  app.onError((error, context) => {
    if (error instanceof Refusal) {
      return context.json({ title: error.message, status: error.status }, error.status, {
        'content-type': 'application/problem+json',
      })
    }
    console.error(JSON.stringify({ level: 'error', group, message: error.message, path: context.req.path }))
    return context.json({ title: 'The request failed', status: 500 }, 500, {
      'content-type': 'application/problem+json',
    })
  })
  const service = await serve({
    name: group,
    handler: getRequestListener(app.fetch, { overrideGlobalObjects: false }),
    metrics,
    ...(options.checks && { checks: options.checks }),
    ...(options.stop && { stop: options.stop }),
  })
  console.log(JSON.stringify({ level: 'info', message: 'listening', group, port: service.port, version }))
  return service
}
