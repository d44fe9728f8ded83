import type { Socket } from 'node:net'

/** A replica that misbehaves, and what its client must see. */
export interface BadReplica {
  readonly name: string
  /** Plays one connection after the first bytes of a request have arrived. */
  readonly play: (socket: Socket) => void
  /** A status, or `cut` where the answer had begun and cannot be completed. */
  readonly sees: number | 'cut'
  /** What the node-http engine shows where its parser forgives. */
  readonly nodeHttpSees?: number | 'cut'
  readonly method?: 'GET' | 'POST'
}

const say =
  (text: string, after: (socket: Socket) => void = () => undefined) =>
  (socket: Socket): void => {
    socket.write(Buffer.from(text, 'latin1'), () => after(socket))
  }
const close = (socket: Socket): void => void socket.end()
const reset = (socket: Socket): void => void socket.resetAndDestroy()
const ok = 'HTTP/1.1 200 OK\r\n'

/** The table; each row is a claim. */
export const badReplicas: readonly BadReplica[] = [
  { name: 'closes without an answer', play: close, sees: 502 },
  { name: 'closes without an answer to a POST', play: close, sees: 502, method: 'POST' },
  { name: 'resets without an answer', play: reset, sees: 502 },
  { name: 'never answers', play: () => undefined, sees: 504 },
  { name: 'closes within the head', play: say('HTTP/1.1 200 OK\r\nContent-', close), sees: 502 },
  { name: 'resets within the head', play: say('HTTP/1.1 200', reset), sees: 502 },
  { name: 'stops within the head', play: say('HTTP/1.1 200 OK\r\nX: '), sees: 504 },
  {
    name: 'sends its head byte by byte and never ends',
    play: (socket) => {
      socket.write(`${ok}X: `)
      const timer = setInterval(() => socket.write('a'), 10)
      socket.once('close', () => clearInterval(timer))
    },
    sees: 504,
  },
  { name: 'closes within a body', play: say(`${ok}Content-Length: 100\r\n\r\nhalf`, close), sees: 'cut' },
  {
    name: 'resets within a body',
    play: say(`${ok}Content-Length: 100\r\n\r\nhalf`, (socket) => setTimeout(() => reset(socket), 20)),
    sees: 'cut',
  },
  { name: 'stops within a body', play: say(`${ok}Content-Length: 100\r\n\r\nhalf`), sees: 'cut' },
  {
    name: 'closes within chunks',
    play: say(`${ok}Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n`, close),
    sees: 'cut',
  },
  {
    name: 'sends a malformed chunk',
    play: say(`${ok}Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n`),
    sees: 'cut',
  },
  { name: 'is not HTTP', play: say('SSH-2.0-OpenSSH_9.2\r\n'), sees: 502 },
  { name: 'is binary', play: say('\x00\x01\x02\xff\xfe\r\n\r\n'), sees: 502 },
  { name: 'speaks HTTP/2', play: say('\x00\x00\x12\x04\x00\x00\x00\x00\x00'), sees: 502 },
  { name: 'states HTTP/2.0', play: say('HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n'), sees: 502, nodeHttpSees: 200 },
  { name: 'states no version', play: say('200 OK\r\n\r\n'), sees: 502 },
  { name: 'has a status of two digits', play: say('HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n'), sees: 502 },
  { name: 'has a status of four digits', play: say('HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n'), sees: 502 },
  { name: 'has status 999', play: say('HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n'), sees: 502, nodeHttpSees: 999 },
  {
    name: 'ends its lines with a bare LF',
    play: say('HTTP/1.1 200 OK\nContent-Length: 0\n\n'),
    sees: 502,
  },
  { name: 'folds a line', play: say(`${ok}X: a\r\n b\r\nContent-Length: 0\r\n\r\n`), sees: 502 },
  { name: 'has a space before a colon', play: say(`${ok}Content-Length : 0\r\n\r\n`), sees: 502 },
  { name: 'has NUL in a value', play: say(`${ok}X: a\0b\r\nContent-Length: 0\r\n\r\n`), sees: 502 },
  { name: 'states two lengths', play: say(`${ok}Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc`), sees: 502 },
  {
    name: 'states the same length twice',
    play: say(`${ok}Content-Length: 2\r\nContent-Length: 2\r\n\r\nab`),
    sees: 502,
  },
  { name: 'states a signed length', play: say(`${ok}Content-Length: +2\r\n\r\nab`), sees: 502 },
  {
    name: 'states a length and chunks',
    play: say(`${ok}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`),
    sees: 502,
  },
  { name: 'has an unknown coding', play: say(`${ok}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`), sees: 502 },
  { name: 'codes its body as identity', play: say(`${ok}Transfer-Encoding: identity\r\n\r\nab`, close), sees: 502 },
  {
    name: 'chunks in HTTP/1.0',
    play: say('HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'),
    sees: 502,
    nodeHttpSees: 200,
  },
  {
    name: 'switches protocols unasked',
    play: say('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
    sees: 502,
  },
  { name: 'floods with interim answers', play: say('HTTP/1.1 100 Continue\r\n\r\n'.repeat(100)), sees: 502 },
  { name: 'has an endless field', play: say(`${ok}X: ${'a'.repeat(200_000)}`), sees: 502 },
  { name: 'has endless fields', play: say(`${ok}${'X: a\r\n'.repeat(1_000)}`), sees: 502, nodeHttpSees: 504 },
]

/** Replicas that are odd and still understood. */
export const oddReplicas: readonly {
  readonly name: string
  readonly play: (socket: Socket) => void
  readonly body: string
}[] = [
  { name: 'closes to end its body', play: say(`${ok}\r\nall of it`, close), body: 'all of it' },
  { name: 'speaks HTTP/1.0', play: say('HTTP/1.0 200 OK\r\n\r\nold', close), body: 'old' },
  { name: 'gives no reason', play: say('HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok'), body: 'ok' },
  { name: 'gives an empty reason', play: say('HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok'), body: 'ok' },
  {
    name: 'extends its chunks',
    play: say(`${ok}Transfer-Encoding: chunked\r\n\r\n2;x=y\r\nok\r\n0\r\n\r\n`),
    body: 'ok',
  },
  {
    name: 'sends byte by byte',
    play: (socket) => {
      const bytes = `${ok}Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`
      let at = 0
      const next = (): void => {
        if (at < bytes.length) socket.write(bytes.charAt(at++), () => setImmediate(next))
      }
      next()
    },
    body: 'ok',
  },
]
