import type { Framing } from './request-head.ts'

/** The head of an answer, without anything that concerns only the hop to the replica. */
export interface ResponseHead {
  readonly status: number
  readonly reason: string
  /** End-to-end field lines, each ended by CRLF, without framing fields. */
  readonly block: string
  /** How the replica framed the body; `none` where a body is impossible (HEAD, 1xx, 204, 304). */
  readonly framing: Framing
  /** The Content-Length that was stated, also where no body follows; -1 when none was. */
  readonly contentLength: number
  readonly hasDate: boolean
  /** What the content type says of how the answer ends: server-sent events and gRPC go on as long as they like. */
  readonly kind: 'plain' | 'event-stream' | 'grpc'
  /** Whether the replica switches to WebSocket (status 101). */
  readonly upgrade: boolean
}
