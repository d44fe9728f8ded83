import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Socket } from 'node:net'
import { type Duplex, duplexPair } from 'node:stream'
import { DataPlane } from '../src/core/data-plane.ts'
import { defaultLimits } from '../src/core/limits.ts'
import { ClientConnection } from '../src/engine-own/client-connection.ts'
import { ReplicaConnection } from '../src/engine-own/replica-connection.ts'
import type { Exchange } from '../src/exchange/exchange.ts'
import type { UpstreamPool } from '../src/exchange/upstream.ts'
import { pairsOf } from '../src/message/fields.ts'
import { hopOf } from '../src/message/forward-head.ts'
import { route, service, snapshot } from './snapshots.ts'

/** A request as one reader understood it. */
export interface Reading {
  readonly method: string
  readonly target: string
  /** `name: value` with the name in lower case, in order. */
  readonly fields: readonly string[]
  readonly body: string
  readonly complete: boolean
}

/** What a reader made of some bytes. */
export interface Readings {
  readonly requests: readonly Reading[]
  /** Statuses of the answers of 400 and above that the reader itself gave. */
  readonly refused: boolean
}

const replica = '127.0.0.1:1'

/** Turns of the event loop without news after which nothing more will come. */
const quietTurns = 3

/** Understands bytes with `node:http`, over streams within this process. */
export class NodeReader {
  readonly #server: Server
  #requests: { reading: IncomingMessage; body: Buffer[]; complete: boolean }[] = []
  #refused = false
  /** Changes with every event. */
  #news = 0

  constructor(settings: { readonly forgiving: boolean }) {
    this.#server = createServer(
      { requireHostHeader: !settings.forgiving, maxHeaderSize: 65_536 },
      (request, response) => {
        const entry = { reading: request, body: [] as Buffer[], complete: false }
        this.#requests.push(entry)
        this.#news++
        request.on('data', (chunk: Buffer) => {
          this.#news++
          entry.body.push(chunk)
        })
        request.on('end', () => {
          this.#news++
          entry.complete = request.complete
          response.end()
        })
        request.on('error', () => undefined)
      },
    )
    this.#server.maxHeadersCount = 0
    this.#server.on('clientError', (_error, socket) => {
      this.#news++
      this.#refused = true
      socket.destroy()
    })
    this.#server.on('upgrade', (_request, socket) => socket.destroy())
    this.#server.on('connect', (_request, socket) => socket.destroy())
  }

  get news(): number {
    return this.#news
  }

  /** Takes a connection. */
  accept(side: Duplex): void {
    this.#server.emit('connection', side)
  }

  /** What was understood since the last call. */
  take(): Readings {
    const requests = this.#requests.map(({ reading, body, complete }) => ({
      method: reading.method ?? '',
      target: reading.url ?? '',
      fields: foldPairs(reading.rawHeaders),
      body: Buffer.concat(body).toString('latin1'),
      complete,
    }))
    const refused = this.#refused
    this.#requests = []
    this.#refused = false
    return { requests, refused }
  }

  /** Understands some bytes on a connection of their own. */
  async read(parts: readonly string[]): Promise<Readings> {
    const [near, far] = duplexPair()
    near.on('error', () => undefined)
    near.resume()
    this.accept(far)
    for (const part of parts) near.write(Buffer.from(part, 'latin1'))
    await quiet(() => this.#news)
    near.destroy()
    far.destroy()
    return this.take()
  }
}

/** Understands bytes with our own engine, and passes what it accepts on to `node:http`, all within this process. */
export class OwnReader {
  readonly #origin = new NodeReader({ forgiving: true })
  readonly #plane: DataPlane
  #ours: { exchange: Exchange; body: string; fields: string[] }[] = []
  #news = 0
  #streams: Duplex[] = []

  constructor() {
    this.#plane = new DataPlane({ connect: () => this.#pool(), random: () => 0 })
    // Raw paths, because which paths are refused is a policy of routes and not a matter of reading.
    this.#plane.apply(snapshot([], { routes: [route({ rawPath: true })], services: [service([replica])] }))
  }

  #pool(): UpstreamPool {
    return {
      open: (exchange) => {
        const [near, far] = duplexPair()
        near.on('error', () => undefined)
        this.#streams.push(near, far)
        const entry = { exchange, body: '', fields: [] as string[] }
        this.#ours.push(entry)
        const connection = new SpiedConnection(near as unknown as Socket, (chunk) => {
          this.#news++
          entry.body += chunk.toString('latin1')
        })
        near.on('data', (chunk: Buffer) => {
          this.#news++
          connection.data(chunk)
        })
        this.#origin.accept(far)
        connection.assign(exchange)
        return connection
      },
      retire() {},
      revive() {},
    }
  }

  /** Our reading of the bytes, and that of `node:http` of what we wrote. */
  async read(parts: readonly string[]): Promise<{ ours: Readings; rewritten: Readings }> {
    const [near, far] = duplexPair()
    near.on('error', () => undefined)
    far.on('error', () => undefined)
    let answers = ''
    near.on('data', (chunk: Buffer) => {
      this.#news++
      answers += chunk.toString('latin1')
    })
    let connection: ClientConnection | undefined
    far.on('data', (chunk: Buffer) => connection?.data(chunk))
    connection = new ClientConnection(
      far as unknown as Socket,
      {
        plane: this.#plane,
        limits: defaultLimits,
        retired: false,
        http2: () => undefined,
        gone: () => undefined,
      },
      hopOf('127.0.0.1', 'http', false),
    )
    for (const part of parts) near.write(Buffer.from(part, 'latin1'))
    await quiet(() => this.#news + this.#origin.news)
    connection.destroy()
    near.destroy()
    const ours = this.#ours.map(({ exchange, body }) => ({
      method: exchange.head.method,
      target: exchange.head.target,
      fields: foldPairs(['host', exchange.head.authority || replica, ...pairsOf(exchange.head.block)]),
      body,
      complete: exchange.body.done,
    }))
    for (const stream of this.#streams) stream.destroy()
    this.#ours = []
    this.#streams = []
    await quiet(() => this.#news + this.#origin.news)
    const refused = /^HTTP\/1\.1 (?:4|501|505)/m.test(answers)
    return { ours: { requests: ours, refused }, rewritten: this.#origin.take() }
  }

  stop(): void {
    this.#plane.stop()
  }
}

class SpiedConnection extends ReplicaConnection {
  readonly #spy: (chunk: Buffer) => void

  constructor(socket: Socket, spy: (chunk: Buffer) => void) {
    super(socket, { free: () => undefined, gone: () => undefined })
    this.#spy = spy
  }

  override write(chunk: Buffer): boolean {
    this.#spy(chunk)
    return super.write(chunk)
  }
}

function foldPairs(pairs: readonly string[]): string[] {
  const fields: string[] = []
  for (let i = 0; i + 1 < pairs.length; i += 2) fields.push(`${pairs[i]?.toLowerCase()}: ${pairs[i + 1]}`)
  return fields
}

async function quiet(news: () => number): Promise<void> {
  let last = -1
  let turns = 0
  while (turns < quietTurns) {
    await new Promise((resolve) => setImmediate(resolve))
    const now = news()
    turns = now === last ? turns + 1 : 0
    last = now
  }
}
