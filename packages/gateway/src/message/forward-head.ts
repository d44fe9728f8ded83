import { hashClient } from '../assign/half-sip-hash.ts'
import type { Identity } from './identity.ts'
import type { RequestHead } from './request-head.ts'

/** What the gateway says of the hop before it, made once for each client connection. */
export interface Hop {
  /** The client's address as the route and the log see it. */
  readonly client: string
  /** 32-bit hash of `client`. */
  readonly clientHash: number
  readonly trusted: boolean
  readonly proto: 'http' | 'https'
  /** The listener that the client came in by; decides which routes there are. */
  readonly listener: string
  /** The forwarding fields of an untrusted client, ready to send, without `X-Forwarded-Host`. */
  readonly block: string
}

/** Describes a hop; `peer` is the address of the socket, `listener` the name of the one that it came in by. */
export function hopOf(peer: string, proto: 'http' | 'https', trusted: boolean, listener: string = ''): Hop {
  return {
    client: peer,
    clientHash: hashClient(peer),
    trusted,
    proto,
    listener,
    block: `X-Forwarded-For: ${peer}\r\nX-Forwarded-Proto: ${proto}\r\n`,
  }
}

const viaOf = { 'HTTP/1.0': '1.0', 'HTTP/1.1': '1.1', 'HTTP/2': '2' } as const

/** The field lines that the gateway adds to a request: forwarding, request id, trace and `Via`. */
export function addedRequestFields(head: RequestHead, hop: Hop, identity: Identity): string {
  const forwarded = head.forwarded
  let block: string
  if (hop.trusted && forwarded !== undefined) {
    block =
      `X-Forwarded-For: ${forwarded.for === '' ? hop.client : `${forwarded.for}, ${hop.client}`}\r\n` +
      `X-Forwarded-Proto: ${forwarded.proto === '' ? hop.proto : forwarded.proto}\r\n` +
      `X-Forwarded-Host: ${forwarded.host === '' ? head.authority : forwarded.host}\r\n`
    if (forwarded.port !== '') block += `X-Forwarded-Port: ${forwarded.port}\r\n`
    if (forwarded.standard !== '') block += `Forwarded: ${forwarded.standard}\r\n`
  } else {
    block = head.authority === '' ? hop.block : `${hop.block}X-Forwarded-Host: ${head.authority}\r\n`
  }
  const via = viaOf[head.protocol]
  return `${block}X-Request-Id: ${identity.requestId}\r\ntraceparent: ${identity.traceparent}\r\nVia: ${via} seaworthy\r\n`
}

/** The whole head of the HTTP/1.1 request that goes to a replica. */
export function forwardHead(head: RequestHead, added: string, fallbackHost: string): string {
  let text = `${head.method} ${head.target} HTTP/1.1\r\nHost: ${head.authority === '' ? fallbackHost : head.authority}\r\n${head.block}${added}`
  if (head.framing === 'length') text += `Content-Length: ${head.contentLength}\r\n`
  else if (head.framing === 'chunked') text += 'Transfer-Encoding: chunked\r\n'
  if (head.expectContinue) text += 'Expect: 100-continue\r\n'
  if (head.upgrade) text += 'Connection: Upgrade\r\nUpgrade: websocket\r\n'
  else if (head.acceptsTrailers) text += 'Connection: TE\r\nTE: trailers\r\n'
  return `${text}\r\n`
}

/**
 * The client's address: the peer's, or, behind trusted proxies, the address nearest to us in `X-Forwarded-For` that no trusted proxy
 * has; the farthest when all of them are trusted.
 */
export function clientAddress(head: RequestHead, hop: Hop, isTrusted: (address: string) => boolean): string {
  if (!hop.trusted || head.forwarded === undefined || head.forwarded.for === '') return hop.client
  const hops = head.forwarded.for.split(',').map((address) => address.trim())
  return hops.findLast((address) => address !== '' && !isTrusted(address)) ?? (hops[0] || hop.client)
}
