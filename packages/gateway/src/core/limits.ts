/** Bounds on what a client may send and how long it may take; the same for every listener. */
export interface Limits {
  /** Bytes of a request head. */
  readonly headBytes: number
  /** Header fields of a request. */
  readonly headFields: number
  /** ms from the first byte of a request to the end of its head. */
  readonly headMs: number
  /** ms that a connection may be idle between requests. */
  readonly idleMs: number
  /** ms that a TLS handshake may take. */
  readonly handshakeMs: number
  /** ms that connecting to a replica may take. */
  readonly connectMs: number
  /** ms after which an idle connection to a replica is closed; below the 5 s after which Node servers close theirs. */
  readonly replicaIdleMs: number
}

/** What holds unless told otherwise. */
export const defaultLimits: Limits = Object.freeze({
  headBytes: 32_768,
  headFields: 100,
  headMs: 10_000,
  idleMs: 75_000,
  handshakeMs: 10_000,
  connectMs: 2_000,
  replicaIdleMs: 4_000,
})
