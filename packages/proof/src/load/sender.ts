import type { BlockedHistogram } from './blocked-histogram.ts'
import type { HttpClient } from './http-client.ts'
import type { PreparedRequest } from './http-request.ts'
import type { Outcome } from './outcome.ts'

/** Does what one arrival asks for. */
export interface Sender {
  /** Begins request `n` (from 0). `done` is called exactly once, not before this returns, and within a bounded time. */
  readonly send: (n: number, done: (outcome: Outcome) => void) => void
  /** Limits of the sender itself that were met in the run and make it invalid, in words. */
  readonly limits?: () => readonly string[]
  /** What the sender measured besides, by name, in ms; such as the time to a stream's first event. */
  readonly measures?: () => Readonly<Record<string, BlockedHistogram>>
}

/** Sends one prepared request again and again, or the one that `requestOf` gives for each arrival. */
export function httpSender(client: HttpClient, requestOf: PreparedRequest | ((n: number) => PreparedRequest)): Sender {
  const of = typeof requestOf === 'function' ? requestOf : (): PreparedRequest => requestOf
  const before = client.counts.waited
  return {
    send: (n, done) => client.send(of(n), done),
    limits: () => {
      const waited = client.counts.waited - before
      if (waited === 0 || !client.limitIsDefault) return []
      return [
        `${waited} requests waited because the client had no more connections; choose a limit to say that its users have so many`,
      ]
    },
  }
}

/** Runs a function of the caller for each arrival, such as several requests that make up a user's task; it must not reject. */
export function taskSender(task: (n: number) => Promise<Outcome>): Sender {
  return { send: (n, done) => void task(n).then(done) }
}
