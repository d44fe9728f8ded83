import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Check, createChecks } from './checks.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { parseRehearsal, rehearse } from './rehearsal.ts'
import { parseTraceparent, withTrace } from './trace-context.ts'

/** What `serve` needs to know of a service. */
export interface ServiceOptions {
  readonly name: string
  /** Everything but `/health/*` and `/metrics`. */
  readonly handler: RequestListener
  /** Dependencies without which no request can be answered. */
  readonly checks?: Readonly<Record<string, Check>>
  readonly metrics?: Metrics
  /** Port, or `PORT`, or any free one. */
  readonly port?: number
  /** Address to bind; `HOST` or every interface otherwise. */
  readonly host?: string
  /** ms for requests in flight after SIGTERM; `SEAWORTHY_DRAIN_MS` or 20,000 otherwise. */
  readonly drainMs?: number
  /** Runs when the last request has ended, before the process does. */
  readonly stop?: () => Promise<unknown> | unknown
  /** Signals that begin the drain; none when the caller stops the service itself. */
  readonly signals?: readonly NodeJS.Signals[]
}

/** A service that accepts requests. */
export interface RunningService extends AsyncDisposable {
  readonly port: number
  /** Not ready any more, no new connections, then wait for what is in flight (at most the drain time). */
  drain(): Promise<{ readonly unfinished: number }>
}

const openMetrics = 'application/openmetrics-text; version=1.0.0; charset=utf-8'

type Phase = 'running' | 'draining'

function answer(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/**
 * Runs an HTTP service with the whole contract that Seaworthy expects of one: `/health/live` (the process answers),
 * `/health/ready` (its dependencies do, and it is not draining), `/health/startup`, `/metrics`, the caller's trace, and on
 * SIGTERM a drain in which no accepted request is dropped. `SEAWORTHY_REHEARSE` gives it a fault on purpose (`rehearsal.ts`), so
 * that a release of it can be watched failing.
 */
export async function serve(options: ServiceOptions): Promise<RunningService> {
  const fault = process.env.SEAWORTHY_REHEARSE
  const handler = fault ? rehearse(options.handler, parseRehearsal(fault)) : options.handler
  const checks = createChecks(options.checks ?? {})
  const metrics = options.metrics ?? createMetrics()
  const drainMs = options.drainMs ?? Number(process.env.SEAWORTHY_DRAIN_MS ?? 20_000)
  let phase: Phase = 'running'
  let inFlight = 0
  let idle: (() => void) | undefined

  async function ready(response: ServerResponse): Promise<void> {
    const report = await checks()
    const ok = report.ok && phase === 'running'
    answer(response, ok ? 200 : 503, 'application/json', JSON.stringify({ ...report, ok, phase }))
  }

  function dispatch(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url?.split('?', 1)[0]
    if (path === '/health/live') answer(response, 200, 'text/plain', 'ok\n')
    else if (path === '/health/ready' || path === '/health/startup') void ready(response)
    else if (path === '/metrics') answer(response, 200, openMetrics, metrics.text())
    else handle(request, response)
  }

  function handle(request: IncomingMessage, response: ServerResponse): void {
    const id = request.headers['x-request-id']
    withTrace(
      parseTraceparent(request.headers.traceparent as string | undefined, typeof id === 'string' ? id : undefined),
      () => handler(request, response),
    )
  }

  const server = createServer((request, response) => {
    inFlight += 1
    response.once('close', () => {
      inFlight -= 1
      if (inFlight === 0) idle?.()
    })
    if (phase === 'draining') response.setHeader('connection', 'close')
    dispatch(request, response)
  })
  // Longer than any proxy keeps an idle connection, so that it is the proxy that closes.
  server.keepAliveTimeout = 75_000

  await listen(server, options.port ?? Number(process.env.PORT ?? 0), options.host ?? process.env.HOST ?? '0.0.0.0')

  async function drain(): Promise<{ unfinished: number }> {
    if (phase === 'running') {
      phase = 'draining'
      server.close()
      server.closeIdleConnections()
    }
    if (inFlight > 0) {
      const { promise, resolve } = Promise.withResolvers<void>()
      idle = resolve
      const timer = setTimeout(resolve, drainMs)
      await promise
      clearTimeout(timer)
    }
    const unfinished = inFlight
    server.closeAllConnections()
    await options.stop?.()
    return { unfinished }
  }

  for (const signal of options.signals ?? ['SIGTERM', 'SIGINT']) {
    process.once(signal, () => void drain().then(({ unfinished }) => process.exit(unfinished === 0 ? 0 : 1)))
  }
  return {
    port: (server.address() as AddressInfo).port,
    drain,
    [Symbol.asyncDispose]: async () => void (await drain()),
  }
}
