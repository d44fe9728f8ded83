import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Problem } from '@seaworthy/model'
import { engineProblem } from '../problem-codes.ts'
import type { ApiRequest, ApiRoute } from './api-route.ts'

/** Most bytes of a request body: a resolved fleet of a thousand services is a few MB. */
const bodyLimit = 64 * 2 ** 20

/** Serves operations as HTTP and JSON, streams as server-sent events, refusals as problem+json (RFC 9457). */
export function apiServer(routes: () => readonly ApiRoute[], document: () => unknown): Server {
  return createServer({ keepAliveTimeout: 1000 }, (incoming, answer) => {
    respond(routes(), document, incoming, answer).catch((error: unknown) => refuse(answer, error))
  })
}

async function respond(
  routes: readonly ApiRoute[],
  document: () => unknown,
  incoming: IncomingMessage,
  answer: ServerResponse,
): Promise<void> {
  const url = new URL(incoming.url ?? '/', 'http://controller')
  if (incoming.method === 'GET' && url.pathname === '/openapi.json') return sendJson(answer, document())
  const found = match(routes, incoming.method ?? 'GET', url.pathname)
  if (!found) {
    throw engineProblem({
      code: 'SW4024',
      message: `The controller has no operation ${incoming.method} ${url.pathname}.`,
      hint: 'GET /openapi.json lists them all.',
    })
  }
  const gone = new AbortController()
  answer.on('close', () => gone.abort())
  const request: ApiRequest = {
    path: found.path,
    query: url.searchParams,
    body: await readBody(incoming),
    signal: gone.signal,
  }
  const { handle } = found.route
  if (handle.kind === 'value') return sendJson(answer, await handle.run(request))
  await stream(answer, handle.run(request), gone.signal)
}

/** Sends each value as an event; a failure becomes a last event named `problem`. A reader that goes away ends only the telling. */
async function stream(answer: ServerResponse, values: AsyncIterable<unknown>, gone: AbortSignal): Promise<void> {
  answer.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  answer.flushHeaders()
  // An idle stream through a proxy is cut; a comment line keeps it.
  const pulse = setInterval(() => answer.write(': still here\n\n'), 15_000)
  try {
    for await (const value of values) {
      // The work goes on to its end even when nobody listens any more.
      if (!gone.aborted) answer.write(`data: ${JSON.stringify(value)}\n\n`)
    }
  } catch (error) {
    answer.write(`event: problem\ndata: ${JSON.stringify(problemOf(error))}\n\n`)
  } finally {
    clearInterval(pulse)
    answer.end()
  }
}

function match(
  routes: readonly ApiRoute[],
  method: string,
  pathname: string,
): { readonly route: ApiRoute; readonly path: Readonly<Record<string, string>> } | undefined {
  const parts = pathname.split('/').map(decodeURIComponent)
  for (const route of routes) {
    const wanted = route.path.split('/')
    if (route.method !== method || wanted.length !== parts.length) continue
    const path: Record<string, string> = {}
    const fits = wanted.every((part, index) => {
      const given = parts[index] ?? ''
      if (!part.startsWith('{')) return part === given
      path[part.slice(1, -1)] = given
      return given !== ''
    })
    if (fits) return { route, path }
  }
  return undefined
}

async function readBody(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > bodyLimit)
      throw engineProblem({ code: 'SW4024', message: `The body is larger than ${bodyLimit} bytes.` })
    chunks.push(chunk)
  }
  if (bytes === 0) return undefined
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch (error) {
    throw engineProblem({ code: 'SW4024', message: 'The body is not JSON.', cause: error })
  }
}

function sendJson(answer: ServerResponse, value: unknown): void {
  answer.writeHead(200, { 'content-type': 'application/json' })
  answer.end(JSON.stringify(value))
}

function refuse(answer: ServerResponse, error: unknown): void {
  if (answer.headersSent) return void answer.end()
  const status = error instanceof Problem ? (error.code === 'SW4024' ? 400 : 409) : 500
  answer.writeHead(status, { 'content-type': 'application/problem+json' })
  answer.end(JSON.stringify({ status, ...problemOf(error) }))
}

function problemOf(error: unknown): Readonly<Record<string, unknown>> {
  if (error instanceof Problem)
    return { type: `urn:seaworthy:problem:${error.code}`, title: error.code, detail: error.message, ...error.toJSON() }
  const message = error instanceof Error ? error.message : String(error)
  return { type: 'about:blank', title: 'fault', detail: message, code: 'SW4024', message }
}
