/** What carries an id: one request, one upload, one WebSocket message, or one event of a stream. */
export type Traffic = 'request' | 'upload' | 'websocket' | 'events'

/** Something that happened to an id or a connection and that a loss-free system would not have let happen. */
export interface Finding {
  readonly kind: FindingKind
  /** The id, or the connection's name for a `cut`. */
  readonly id: string
  readonly client: string
  readonly traffic: Traffic
  /** Whether the request may be repeated without harm (RFC 9110 §9.2.2). */
  readonly idempotent: boolean
  /** ms from the start of the run: when it was begun, and when it was found out. */
  readonly from: number
  readonly to: number
  readonly detail: string
}

/** The kinds of findings. */
export const findingKinds = [
  /** Never answered. */
  'lost',
  /** Answered with a status of 500 or more. */
  'server error',
  /** Answered with another status than 2xx. */
  'other status',
  /** An answer to something else: another id, another checksum, a malformed message. */
  'wrong answer',
  /** More than one answer. */
  'answered twice',
  /** Answered, but the service's ledger does not have it. */
  'not applied',
  /** In the service's ledger more often than anybody was allowed to send it. */
  'applied twice',
  /** A connection that ended without the notice that its protocol has for that. */
  'cut',
  /** Bytes on a connection on which nothing was asked. */
  'unsolicited',
] as const

/** One of `findingKinds`. */
export type FindingKind = (typeof findingKinds)[number]

/** What a client declares about itself. */
export interface LedgerClientOptions {
  /** Unique within the run; letters, digits and dashes. */
  readonly name: string
  readonly traffic: Traffic
  readonly idempotent: boolean
  /** Whether the service writes these ids into its ledger. Default true; an event stream is read, not applied. */
  readonly applied?: boolean
}

/** What is known of an id; counts are at most 255, times ms from the start of the run. */
export interface Standing {
  /** Right answers. */
  readonly answers: number
  /** Sends by the client. */
  readonly sends: number
  /** Entries in the service's ledger. */
  readonly applied: number
  /** The client gave it up, and there is a finding that says why. */
  readonly failed: boolean
  readonly from: number
  /** The last answer, or the first send where there is none. */
  readonly to: number
}

/** What became of each id of one client, eleven bytes an id. Ids are `run.client.n`. */
export class ClientLedger {
  readonly options: Required<LedgerClientOptions>
  readonly findings: Finding[] = []
  /** Ids that the client itself sent again, as its rules allow, and how often in all. */
  resent = 0
  /** Orderly reconnections. */
  reconnected = 0
  /** Right answers so far, repeated ones included. */
  answered = 0
  #sent = 0
  #answers = new Uint8Array(1024)
  #sends = new Uint8Array(1024)
  #applied = new Uint8Array(1024)
  // Single precision: a tenth of a millisecond after a quarter of an hour.
  #from = new Float32Array(1024)
  #to = new Float32Array(1024)
  readonly #failed = new Set<number>()
  readonly #prefix: string

  constructor(run: string, options: LedgerClientOptions) {
    this.options = { applied: true, ...options }
    this.#prefix = `${run}.${options.name}.`
  }

  /** How many ids were given out. */
  get sent(): number {
    return this.#sent
  }

  /** Gives out the next number, to be sent at `at`; its id is `idOf(n)`. Counts as sent once. */
  next(at: number): number {
    const n = this.#sent
    this.#sent += 1
    if (n >= this.#answers.length) {
      this.#answers = grown(this.#answers)
      this.#sends = grown(this.#sends)
      this.#applied = grown(this.#applied)
      this.#from = grown(this.#from)
      this.#to = grown(this.#to)
    }
    this.#from[n] = at
    this.#to[n] = at
    this.#sends[n] = 1
    return n
  }

  /** The id of a number. */
  idOf(n: number): string {
    return this.#prefix + n
  }

  /** The number of an id of this client; undefined for any other. */
  numberOf(id: string): number | undefined {
    if (!id.startsWith(this.#prefix)) return undefined
    const n = Number(id.slice(this.#prefix.length))
    return Number.isInteger(n) && n >= 0 && n < this.#sent ? n : undefined
  }

  /** Notes that the client sends an id again. */
  sendAgain(n: number): void {
    this.resent += 1
    this.#sends[n] = saturated(this.#sends[n])
  }

  /** Notes a right answer. */
  answer(n: number, at: number): void {
    this.answered += 1
    this.#to[n] = at
    this.#answers[n] = saturated(this.#answers[n])
  }

  /** Notes an entry of the service's ledger. */
  apply(n: number): void {
    this.#applied[n] = saturated(this.#applied[n])
  }

  /** Forgets the entries of the service's ledger, to read it anew. */
  forgetApplied(): void {
    this.#applied.fill(0)
  }

  /** Notes that an id will not be answered any more, or wrongly, with what was seen. */
  fail(n: number, kind: FindingKind, from: number, to: number, detail: string): void {
    this.#failed.add(n)
    this.find(kind, this.idOf(n), from, to, detail)
  }

  /** Notes something about a connection. */
  find(kind: FindingKind, id: string, from: number, to: number, detail: string): void {
    const { name: client, traffic, idempotent } = this.options
    this.findings.push({ kind, id, client, traffic, idempotent, from, to, detail })
  }

  /** What is known of an id. */
  standing(n: number): Standing {
    return {
      answers: this.#answers[n] ?? 0,
      sends: this.#sends[n] ?? 0,
      applied: this.#applied[n] ?? 0,
      failed: this.#failed.has(n),
      from: this.#from[n] ?? 0,
      to: this.#to[n] ?? 0,
    }
  }
}

/** The clients of one run. */
export class Ledger {
  /** Distinguishes this run's ids from those of others in the same file. */
  readonly run: string
  readonly clients: ClientLedger[] = []

  constructor(run: string) {
    this.run = run
  }

  /** Opens a client's ledger. Throws a `RangeError` for a name that is taken or has other characters than letters, digits and dashes. */
  client(options: LedgerClientOptions): ClientLedger {
    const taken = this.clients.some((client) => client.options.name === options.name)
    if (taken || !/^[A-Za-z0-9-]+$/.test(options.name))
      throw new RangeError(`client name "${options.name}" is taken or not plain`)
    const client = new ClientLedger(this.run, options)
    this.clients.push(client)
    return client
  }
}

function grown<T extends Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>>(list: T): T {
  const larger = new (list.constructor as new (length: number) => T)(list.length * 2)
  larger.set(list)
  return larger
}

function saturated(count: number | undefined): number {
  return Math.min(255, (count ?? 0) + 1)
}
