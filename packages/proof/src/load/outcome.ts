/** Why a request was not answered, as the client saw it. */
export const failureKinds = [
  /** Nobody listens: connection refused, or no such unix socket. */
  'refused',
  /** The name or network could not be reached. */
  'unreachable',
  /** The TLS handshake failed. */
  'tls',
  /** The peer closed the connection in order without a byte of an answer. */
  'closed before answer',
  /** The connection was reset without a byte of an answer. */
  'reset before answer',
  /** The connection was reset within the answer. */
  'reset during answer',
  /** The connection ended in order before the answer was whole. */
  'truncated',
  /** No whole answer within the client's deadline. */
  'timeout',
  /** What came is not an HTTP/1.1 answer, or has more or other bytes than it announced. */
  'malformed',
  /** A whole answer, but to something else: another id, another checksum. */
  'wrong answer',
  /** The client's own machine refused: out of ports, descriptors or memory. Such a run is invalid. */
  'local limit',
  /** The run was stopped before the answer came. */
  'cancelled',
] as const

/** One of `failureKinds`. */
export type FailureKind = (typeof failureKinds)[number]

/** A whole answer. Times are ms of the run's monotonic clock. */
export interface Answered {
  readonly kind: 'answered'
  /** HTTP status, or 0 where the protocol has none. */
  readonly status: number
  /** Value of the label header, such as the version that answered. */
  readonly label: string | undefined
  /** Bytes of the body. */
  readonly bytes: number
  /** When the request was handed to a connected socket. */
  readonly sentAt: number
  /** The answer's head and body as text, when the request asked for them. */
  readonly head: string | undefined
  readonly body: string | undefined
}

/** No answer. */
export interface Failed {
  readonly kind: 'failed'
  readonly failure: FailureKind
  /** The system's word for it, such as `ECONNRESET`. */
  readonly detail: string
  /** When the request was handed to a connected socket; undefined when it never was, so that nobody can have acted on it. */
  readonly sentAt: number | undefined
  /** Whether the connection had carried an earlier request. */
  readonly reused: boolean
}

/** What became of one request. */
export type Outcome = Answered | Failed
