import { connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number
  readonly head: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly trailers: string
}

/** A connection on which a test writes bytes and reads answers, without any HTTP library in between. */
export class RawClient implements Disposable {
  readonly socket: Duplex
  #received = ''
  #ended = false
  readonly #waiting = new Set<() => void>()

  constructor(socket: Duplex) {
    this.socket = socket
    socket.on('data', (chunk: Buffer) => {
      this.#received += chunk.toString('latin1')
      this.#look()
    })
    const over = (): void => {
      this.#ended = true
      this.#look()
    }
    socket.on('end', over)
    socket.on('close', over)
    socket.on('error', over)
  }

  send(text: string): this {
    this.socket.write(Buffer.from(text, 'latin1'))
    return this
  }

  /** Sends the bytes one by one, each in a turn of its own. */
  async drip(text: string, bytes = 1): Promise<void> {
    for (let i = 0; i < text.length; i += bytes) {
      this.send(text.slice(i, i + bytes))
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  /** Everything received and not yet taken as an answer. */
  get received(): string {
    return this.#received
  }

  get ended(): boolean {
    return this.#ended
  }

  /** Resolves when `condition` holds; rejects after `withinMs` with what was received. */
  until(condition: () => boolean, withinMs = 20_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look)
        reject(new Error(`still waiting; received ${JSON.stringify(this.#received)}, ended: ${this.#ended}`))
      }, withinMs)
      const look = (): void => {
        if (!condition()) return
        clearTimeout(timer)
        this.#waiting.delete(look)
        resolve()
      }
      this.#waiting.add(look)
      look()
    })
  }

  #look(): void {
    for (const look of [...this.#waiting]) look()
  }

  /** The next answer; `method` tells whether it has a body. */
  async answer(method = 'GET'): Promise<RawAnswer> {
    let found: { answer: RawAnswer; length: number } | undefined
    await this.until(() => {
      found = parseAnswer(this.#received, method, this.#ended)
      return found !== undefined || this.#ended
    })
    if (found === undefined)
      throw new Error(`the connection ended without an answer: ${JSON.stringify(this.#received)}`)
    this.#received = this.#received.slice(found.length)
    return found.answer
  }

  /** Resolves when the other side has closed. */
  closed(): Promise<void> {
    return this.until(() => this.#ended)
  }

  [Symbol.dispose](): void {
    this.socket.destroy()
  }
}

/** Connects to a port of the loopback. */
export function rawClient(port: number): Promise<RawClient> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true }, () =>
      resolve(new RawClient(socket)),
    )
    socket.once('error', reject)
  })
}

/** Sends bytes on a connection of their own and resolves to the first answer. */
export async function ask(port: number, text: string, method = 'GET'): Promise<RawAnswer> {
  using client = await rawClient(port)
  return await client.send(text).answer(method)
}

/** One answer at the beginning of some bytes; `undefined` while it is not complete. */
export function parseAnswer(
  text: string,
  method: string,
  ended: boolean,
): { answer: RawAnswer; length: number } | undefined {
  const headEnd = text.indexOf('\r\n\r\n')
  if (headEnd === -1) return undefined
  const head = text.slice(0, headEnd)
  const [statusLine = '', ...lines] = head.split('\r\n')
  const status = Number(statusLine.split(' ')[1])
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    const value = line.slice(colon + 1).trim()
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`
  }
  const at = headEnd + 4
  const done = (body: string, length: number, trailers = ''): { answer: RawAnswer; length: number } => ({
    answer: { status, head, headers, body, trailers },
    length,
  })
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return done('', at)
  if (headers['transfer-encoding'] === 'chunked') return parseChunked(text, at, done)
  const length = headers['content-length']
  if (length === undefined) return ended ? done(text.slice(at), text.length) : undefined
  const end = at + Number(length)
  return text.length >= end ? done(text.slice(at, end), end) : undefined
}

function parseChunked<T>(
  text: string,
  from: number,
  done: (body: string, length: number, trailers: string) => T,
): T | undefined {
  let body = ''
  let at = from
  while (true) {
    const line = text.indexOf('\r\n', at)
    if (line === -1) return undefined
    const size = Number.parseInt(text.slice(at, line), 16)
    at = line + 2
    if (size === 0) break
    if (text.length < at + size + 2) return undefined
    body += text.slice(at, at + size)
    at += size + 2
  }
  if (text.startsWith('\r\n', at)) return done(body, at + 2, '')
  const end = text.indexOf('\r\n\r\n', at)
  return end === -1 ? undefined : done(body, end + 4, text.slice(at, end + 2))
}
