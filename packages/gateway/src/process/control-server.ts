import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { Problem } from '@seaworthy/model'
import type { CounterPage } from '../counter-page.ts'
import type { GatewaySnapshot } from '../snapshot.ts'
import type { GatewayStatus } from './status.ts'

/** What the control API offers. */
export interface ControlApi {
  apply(snapshot: GatewaySnapshot): Promise<void>
  counters(): Promise<CounterPage[]>
  status(): Promise<GatewayStatus>
  metrics(): Promise<string>
  reload(): Promise<void>
  upgrade(): Promise<void>
  drain(graceMs: number): Promise<void>
  /** A successor is ready and has taken the control socket's name. */
  superseded(): void
}

/** Serves the control API as HTTP and JSON, and takes in workers that call at `/link`. */
export function controlServer(api: ControlApi, welcome: (stream: Duplex) => void): Server {
  const server = createServer({ keepAliveTimeout: 1_000 }, (incoming, answer) => {
    respond(api, incoming, answer).catch((error: unknown) => fail(answer, error))
  })
  server.on('upgrade', (_request, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: seaworthy-link\r\n\r\n')
    welcome(socket)
  })
  return server
}

async function respond(api: ControlApi, incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
  switch (`${incoming.method} ${incoming.url}`) {
    case 'GET /status':
      return send(answer, await api.status())
    case 'GET /counters':
      return send(answer, await api.counters())
    case 'GET /metrics':
      answer.setHeader('Content-Type', 'application/openmetrics-text; version=1.0.0; charset=utf-8')
      answer.end(await api.metrics())
      return
    case 'PUT /snapshot':
      await api.apply((await readJson(incoming)) as GatewaySnapshot)
      return send(answer, {})
    case 'POST /reload':
      await api.reload()
      return send(answer, {})
    case 'POST /upgrade':
      await api.upgrade()
      return send(answer, {})
    case 'POST /drain': {
      const { graceMs = 10_000 } = (await readJson(incoming)) as { graceMs?: number }
      await api.drain(graceMs)
      return send(answer, {})
    }
    case 'POST /stop':
      await api.drain(0)
      return send(answer, {})
    case 'POST /superseded':
      api.superseded()
      return send(answer, {})
    default:
      answer.statusCode = 404
      answer.end()
  }
}

function send(answer: ServerResponse, value: unknown): void {
  answer.setHeader('Content-Type', 'application/json')
  answer.end(JSON.stringify(value))
}

function fail(answer: ServerResponse, error: unknown): void {
  const problem =
    error instanceof Problem ? error : new Problem({ code: 'SW2007', message: String(error), cause: error })
  answer.statusCode = problem.code === 'SW2002' ? 409 : problem.code === 'SW2007' ? 500 : 422
  answer.setHeader('Content-Type', 'application/problem+json')
  answer.end(JSON.stringify(problem))
}

async function readJson(incoming: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part as Buffer)
  const text = Buffer.concat(parts).toString()
  return text === '' ? {} : JSON.parse(text)
}

/** Tells the holder behind a socket that it has been succeeded. */
export function tellSuperseded(socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, path: '/superseded', method: 'POST' }, (answer) => {
      answer.resume()
      answer.on('end', resolve)
    })
    call.on('error', reject)
    call.end()
  })
}
