import type { TlsOptions } from 'node:tls'
import type { UpstreamPool } from '../exchange/upstream.ts'
import type { EndpointState } from '../pool/endpoint.ts'
import type { ServicePool } from '../snapshot.ts'
import type { DataPlane } from './data-plane.ts'

/** Which implementation reads and writes HTTP/1: our own, or Node's `node:http` with undici as the conservative switch. */
export type EngineKind = 'own' | 'node-http'

/** How one listener is to be served. */
export interface FrontOptions {
  readonly plane: DataPlane
  /** Name of the listener; only its own routes and those without one are found here. */
  readonly listener?: string
  /** TLS settings with a callback for server names; absent for cleartext. */
  readonly tls?: TlsOptions
}

/** Where a front listens: an address to bind, or a descriptor that is bound already. */
export type ListenOn = { readonly host: string; readonly port: number } | { readonly fd: number }

/** Accepts and serves connections of one listener. */
export interface FrontServer {
  /** Resolves to the port in use; throws a Problem SW2003 when the address cannot be bound. */
  listen(on: ListenOn): Promise<number>
  /**
   * Accepts nothing more. Connections close after the answer they are waiting for; idle ones after `idleMs` milliseconds, so that a
   * request that is under way to us right now is still served.
   */
  retire(idleMs: number): void
  /** Exchanges the keys of TLS session tickets (48 bytes), so that sessions resume at every worker; nothing without TLS. */
  setTicketKeys(keys: Buffer): void
  /** Ends every connection now. */
  destroy(): void
  /** Client connections that are open. */
  readonly connections: number
}

/** One way of speaking HTTP with both sides. */
export interface Engine {
  readonly kind: EngineKind
  front(options: FrontOptions): FrontServer
  /** Connections to one replica. */
  connect(endpoint: EndpointState, pool: ServicePool): UpstreamPool
}
