import { HttpClient, httpSender, parseTarget, prepareRequest, type RequestSpec, runOpenLoad } from '@seaworthy/proof'

/** Traffic at a constant rate. */
export interface Traffic {
  /** Requests per second. */
  readonly rate: number
  /** The n-th request, from 0. */
  readonly request: (n: number) => RequestSpec
}

/** What became of every request. */
export interface TrafficAccount {
  readonly sent: number
  /** Answered with less than 500. */
  readonly answered: number
  readonly lost: number
  /** Answers by the version that gave them. */
  readonly versions: Readonly<Record<string, number>>
  /** What the lost ones met: a status, or how the connection failed. */
  readonly faults: Readonly<Record<string, number>>
}

/** Begins traffic; `end` stops it, waits for what is on its way, and gives the account. */
export function drive(url: string, traffic: Traffic): { readonly end: () => Promise<TrafficAccount> } {
  const target = parseTarget(url)
  const client = new HttpClient({ target, timeoutMs: 30_000, labelHeader: 'x-service-version' })
  const over = new AbortController()
  const sender = httpSender(client, (n) => prepareRequest(target, traffic.request(n)))
  const run = runOpenLoad({
    arrivals: { kind: 'constant', rate: traffic.rate, seconds: 3_600 },
    sender,
    signal: over.signal,
  })
  return {
    async end() {
      over.abort()
      const result = await run
      await client[Symbol.asyncDispose]()
      const bad = Object.entries(result.statuses).filter(([status]) => Number(status) >= 400)
      const faults = {
        ...Object.fromEntries(bad.map(([status, count]) => [`answered ${status}`, count])),
        ...result.failures,
      }
      const lost = Object.values(faults).reduce((sum, count) => sum + count, 0)
      const versions = Object.fromEntries(
        Object.entries(result.labels).map(([version, label]) => [version, label.answered]),
      )
      return { sent: result.requests.due, answered: result.requests.due - lost, lost, versions, faults }
    },
  }
}
