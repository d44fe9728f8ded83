import type { Duplex } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import type { EndpointLoad } from '../core/data-plane.ts'
import type { CounterPage } from '../counter-page.ts'
import type { GatewaySnapshot } from '../snapshot.ts'

/** What a worker is doing: `active` accepts connections, `retired` finishes those it has. */
export type WorkerState = 'active' | 'retired'

/** What a worker tells of itself. */
export interface WorkerReport {
  readonly connections: number
  readonly inFlight: number
  readonly held: number
  readonly endpoints: readonly EndpointLoad[]
  readonly page: CounterPage
  /** Bytes of resident memory. */
  readonly memory: number
  /** Log lines that could not be written. */
  readonly logLost: number
}

/** What workers say to their holder. */
export type FromWorker =
  | {
      readonly kind: 'hello'
      readonly id: string
      readonly pid: number
      readonly epoch: string
      readonly state: WorkerState
      readonly snapshotVersion: number
    }
  | { readonly kind: 'applied'; readonly version: number; readonly error?: string }
  | { readonly kind: 'report'; readonly request: number; readonly report: WorkerReport }
  | { readonly kind: 'reloaded'; readonly request: number; readonly error?: string }
  | { readonly kind: 'bye'; readonly page: CounterPage }

/** What a holder says to its workers. */
export type ToWorker =
  /** `recall` puts an older one in force again. */
  | { readonly kind: 'snapshot'; readonly snapshot: GatewaySnapshot; readonly recall?: boolean }
  | { readonly kind: 'report'; readonly request: number }
  | { readonly kind: 'reload'; readonly request: number }
  | { readonly kind: 'retire' }
  | { readonly kind: 'drain'; readonly graceMs: number }
  | { readonly kind: 'stop' }
  /** Keys of TLS session tickets, in base64; never in arguments, which every user of the machine can read. */
  | { readonly kind: 'tickets'; readonly keys: string }
  /** In which order the workers take over should the holder die: 0 first. */
  | { readonly kind: 'heir'; readonly rank: number }

/** Messages as JSON lines over a stream. */
export class Link<Send, Receive> {
  readonly #stream: Duplex
  #rest = ''

  constructor(stream: Duplex, receive: (message: Receive) => void, closed: () => void) {
    this.#stream = stream
    const decoder = new StringDecoder('utf8')
    stream.on('data', (bytes: Buffer) => {
      const lines = (this.#rest + decoder.write(bytes)).split('\n')
      this.#rest = lines.pop() ?? ''
      for (const line of lines) receive(JSON.parse(line) as Receive)
    })
    stream.on('error', () => undefined)
    stream.on('close', closed)
    stream.on('end', () => stream.end())
  }

  send(message: Send): void {
    if (this.#stream.writable) this.#stream.write(`${JSON.stringify(message)}\n`)
  }

  close(): void {
    this.#stream.destroy()
  }

  /** Ends after what was sent has gone out. */
  end(): void {
    this.#stream.end()
  }
}
