import { BlockedHistogram } from './blocked-histogram.ts'
import { EventReader } from './event-reader.ts'
import type { HttpClient } from './http-client.ts'
import type { RequestSpec } from './http-request.ts'
import type { Sender } from './sender.ts'

/**
 * Opens one stream of server-sent events for each arrival and reads it to its end, as a client of a language model does. Besides the
 * whole it measures `first event` (from the start of sending; the time to the first token) and `between events`.
 */
export function eventSender(
  client: HttpClient,
  specOf: (n: number) => RequestSpec,
  now: () => number = () => performance.now(),
): Sender {
  const startAt = now()
  const first = new BlockedHistogram()
  const between = new BlockedHistogram()
  return {
    send: (n, done) => {
      const begun = now()
      let last: number | undefined
      const reader = new EventReader(() => {
        const at = now()
        if (last === undefined) first.record(begun - startAt, at - begun)
        else between.record(begun - startAt, at - last)
        last = at
      })
      const decoder = new TextDecoder()
      client.send(
        client.prepare({ ...specOf(n), onBody: (piece) => reader.read(decoder.decode(piece, { stream: true })) }),
        done,
      )
    },
    measures: () => ({ 'first event': first, 'between events': between }),
  }
}
