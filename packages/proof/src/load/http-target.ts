import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { Problem } from '@seaworthy/model'

/** Whom a load is sent to. */
export interface HttpTarget {
  /** Value of the Host header, and the name in TLS. */
  readonly authority: string
  readonly host: string
  readonly port: number
  /** Path of a unix socket; then host and port only name the authority. */
  readonly socketPath: string | undefined
  readonly tls: TlsOptions | undefined
  /** Path that stands before each request's path, without a slash at its end. */
  readonly base: string
}

/** How a TLS connection is checked. */
export interface TlsOptions {
  /** Certificates (PEM) to trust instead of the system's. */
  readonly ca?: string
  /** False accepts any certificate. */
  readonly verify?: boolean
}

/** Reads `http://host:port/base`, `https://...` or `unix:/path.sock`. Throws a `Problem` (SW8003). */
export function parseTarget(text: string, tls: TlsOptions = {}): HttpTarget {
  if (text.startsWith('unix:/')) {
    const socketPath = text.slice('unix:'.length)
    return { authority: 'localhost', host: 'localhost', port: 0, socketPath, tls: undefined, base: '' }
  }
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new Problem({
      code: 'SW8003',
      message: `A target is http://host:port, https://host:port or unix:/path.sock, and found "${text}".`,
      hint: 'Write the scheme too, as in http://127.0.0.1:8080.',
    })
  }
  const secure = url.protocol === 'https:'
  return {
    authority: url.host,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    socketPath: undefined,
    tls: secure ? tls : undefined,
    base: url.pathname.replace(/\/$/, ''),
  }
}

/** What a connection tells its owner. */
export interface SocketEvents {
  readonly onConnected: () => void
  /** Bytes [0, size) of a buffer that is reused as soon as this returns. */
  readonly onBytes: (buffer: Buffer, size: number) => void
  /** The peer ended in order. */
  readonly onEnd: () => void
  readonly onError: (error: NodeJS.ErrnoException) => void
  readonly onClose: () => void
}

/** Opens a connection. Plain sockets read into the given buffer, which all may share, since each read is handled before the next. */
export function openSocket(target: HttpTarget, shared: Buffer, events: SocketEvents): Socket {
  const address =
    target.socketPath === undefined ? { host: target.host, port: target.port } : { path: target.socketPath }
  let socket: Socket
  if (target.tls) {
    socket = connectTls({
      ...address,
      servername: /^[\d.]+$|:/.test(target.host) ? '' : target.host,
      ALPNProtocols: ['http/1.1'],
      ...(target.tls.ca !== undefined && { ca: target.tls.ca }),
      rejectUnauthorized: target.tls.verify !== false,
    })
    socket.on('secureConnect', events.onConnected)
    socket.on('data', (chunk: Buffer) => events.onBytes(chunk, chunk.length))
  } else {
    const onread = {
      buffer: shared,
      callback: (size: number, buffer: Uint8Array): boolean => {
        events.onBytes(buffer as Buffer, size)
        return true
      },
    }
    socket = connect({ ...address, onread })
    socket.on('connect', events.onConnected)
  }
  socket.setNoDelay(true)
  socket.on('end', events.onEnd)
  socket.on('error', events.onError)
  socket.on('close', events.onClose)
  return socket
}
