/** Where a replica listens: `127.0.0.1:8080`, `[::1]:8080` or `unix:/run/api.sock`. */
export type Address = string

/** A socket that clients connect to. */
export interface Listener {
  readonly name: string
  /** Address to bind, such as `127.0.0.1` or `0.0.0.0`. */
  readonly host: string
  /** 0 asks for any free port. */
  readonly port: number
  readonly tls?: TlsConfig
}

/** Certificates by server name; files are read again when the snapshot or a reload names them. */
export interface TlsConfig {
  readonly certificates: readonly {
    readonly serverName?: string
    readonly certFile: string
    readonly keyFile: string
  }[]
}

/** One way in: which requests belong to which service. The most specific route wins (host, then longest path). */
export interface Route {
  readonly id: string
  readonly service: string
  /** Name of the one listener that it is reached through (each needed service has an internal one of its own); every listener when absent. */
  readonly listener?: string
  /** Exact host or `*.example.com`; absent matches every host. */
  readonly host?: string
  /** Canonical path prefix, matched at segment boundaries. */
  readonly path: string
  readonly methods?: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
  /** Query parameters that must have exactly these values, such as `{ version: '2' }`. */
  readonly query?: Readonly<Record<string, string>>
  /** Added to every answer of this route, such as `Deprecation` and `Sunset`; replaces the replica's own. */
  readonly responseHeaders?: Readonly<Record<string, string>>
  /** Strips `path` before forwarding. */
  readonly stripPath?: boolean
  /** Lets `%2f`, `//` and friends through unchanged; off by default. */
  readonly rawPath?: boolean
  /** ms until the first response byte; after it the client gets 504. */
  readonly timeoutMs: number
  /** Bytes a request body may have; 413 beyond. */
  readonly maxBodyBytes: number
  /** Whether requests other than GET, HEAD, OPTIONS, PUT, DELETE and TRACE may be sent a second time. */
  readonly idempotent?: boolean
}

/** A replica that may be sent requests. */
export interface Endpoint {
  readonly id: string
  readonly address: Address
  /** `draining` finishes what it has and gets nothing new. */
  readonly state: 'ready' | 'draining'
}

/** One version of a service and its share of traffic. */
export interface VersionPool {
  readonly version: string
  /** Share of new assignments, 0..1; the shares of a service sum to 1. */
  readonly share: number
  readonly endpoints: readonly Endpoint[]
}

/** How the coin identifies a client, so that it stays on its version. */
export type StickyBy =
  | { readonly kind: 'none' }
  | { readonly kind: 'cookie'; readonly name: string }
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'ip' }

/** Everything the gateway knows of one service. */
export interface ServicePool {
  readonly service: string
  readonly protocol: 'http' | 'http2'
  readonly versions: readonly VersionPool[]
  readonly sticky: StickyBy
  /** Mixed into the keyed hash, so that each release deals anew. */
  readonly coinKey: string
  /** Lets a tester choose: a request whose header or cookie names a version goes there and is not counted. */
  readonly override?: { readonly header?: string; readonly cookie?: string }
  /** Requests that wait while no replica is ready: at most `max` of them, `deadlineMs` each; then 503. */
  readonly hold: { readonly max: number; readonly deadlineMs: number }
  /** ms that WebSocket and SSE streams may go on while their replica drains. */
  readonly streamGraceMs: number
  readonly maxConnectionsPerEndpoint: number
  /** Attempts on other replicas, 0..3, for requests that are safe to repeat. */
  readonly retries: number
  /** ms within which several failures of one client count as one episode; 10,000 unless told. */
  readonly episodeMs?: number
}

/** One immutable value; the gateway swaps to it in one event-loop turn. */
export interface GatewaySnapshot {
  /** Strictly increasing. */
  readonly version: number
  readonly listeners: readonly Listener[]
  readonly routes: readonly Route[]
  readonly services: readonly ServicePool[]
  /** CIDRs whose `X-Forwarded-*` headers are believed. */
  readonly trustedProxies: readonly string[]
}
