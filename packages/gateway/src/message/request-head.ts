/** How the length of a message's body is known. */
export type Framing = 'none' | 'length' | 'chunked' | 'until-close'

/** The head of a request as every front hands it on: validated, canonical, without anything that concerns only one hop. */
export interface RequestHead {
  readonly method: string
  /** Origin form, or `*` for OPTIONS: exactly what is forwarded. */
  target: string
  /** The target up to `?`. */
  path: string
  /** The Host as the client wrote it; empty for HTTP/1.0 without one. */
  readonly authority: string
  readonly protocol: 'HTTP/1.0' | 'HTTP/1.1' | 'HTTP/2'
  /** The end-to-end field lines, each ended by CRLF; Host, framing, forwarding and tracing fields are not among them. */
  readonly block: string
  readonly framing: 'none' | 'length' | 'chunked'
  /** Bytes, for framing `length`. */
  readonly contentLength: number
  readonly expectContinue: boolean
  /** Whether the client asks to switch to WebSocket. */
  readonly upgrade: boolean
  readonly acceptsTrailers: boolean
  readonly requestId: string
  readonly traceparent: string
  /** What the client claimed of hops before it; believed only from trusted proxies. */
  readonly forwarded: ForwardedFields | undefined
}

/** Forwarding fields as they were received. */
export interface ForwardedFields {
  for: string
  proto: string
  host: string
  port: string
  standard: string
}
