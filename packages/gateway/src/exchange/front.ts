import type { ResponseHead } from '../message/response-head.ts'

/** The client's side of one request, whatever protocol the client speaks. */
export interface Front {
  /** Passes on an interim answer (100, 103). */
  interim(status: number, block: string): void
  /** Begins the answer; `added` are field lines of the gateway. The front may wait for `flush` or the first body bytes. */
  respond(head: ResponseHead, added: string): void
  /** Body bytes, valid only within this call; false asks to wait for `exchange.clientDrained()`. */
  write(chunk: Buffer): boolean
  /** The answer is complete. */
  end(trailers: string): void
  flush(): void
  /** Breaks the connection (HTTP/1) or resets the stream (HTTP/2), because the answer cannot be completed. */
  cut(): void
  resumeBody(): void
}
