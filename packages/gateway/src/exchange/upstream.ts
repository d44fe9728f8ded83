import type { Exchange } from './exchange.ts'

/** How an attempt at a replica failed. */
export type UpstreamFailure =
  /** No connection: nothing was written. */
  | 'unreachable'
  /** The connection ended after something was written and before anything was answered. */
  | 'reset'
  /** The same on a connection that was idle before: most likely it was being closed just then. */
  | 'stale'
  /** What came is not a sound HTTP answer. */
  | 'malformed'
  /** The answer began and did not end. */
  | 'truncated'

/** One request on its way to a replica. */
export interface Upstream {
  /** Sends the head; called once, when the exchange was told that the upstream is ready. */
  sendHead(): void
  /** Sends body bytes, which are valid only within this call; false asks to wait for `exchange.upstreamDrained()`. */
  write(chunk: Buffer): boolean
  /** The body is complete; `trailers` is a block of field lines, mostly empty. */
  end(trailers: string): void
  /** Hands over what was gathered for one system call. */
  flush(): void
  pause(): void
  resume(): void
  /** Gives the request up; no call to the exchange follows. */
  abort(): void
}

/** The connections to one replica. */
export interface UpstreamPool {
  /** Takes a request; `exchange.upstreamReady()` follows, at once or later, or a failure. */
  open(exchange: Exchange): Upstream
  /** Closes idle connections and keeps none from now on. */
  retire(): void
  /** Keeps connections again, after the replica came back into rotation. */
  revive(): void
}
