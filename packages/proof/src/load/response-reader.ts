/** How an answer is to be read. */
export interface ReadingPlan {
  /** A HEAD request has no body, whatever its headers say. */
  readonly head: boolean
  /** Whether head and body are kept as text (up to `keptBytes`). */
  readonly keep: boolean
  /** Is given each piece of the body as it comes; the buffer is reused afterwards. */
  readonly onBody?: ((piece: Buffer) => void) | undefined
  /** Lower-case name of the header that labels answers, or an empty string. */
  readonly labelHeader: string
}

/** More of a kept body than this is counted but not kept. */
export const keptBytes: number = 1024 * 1024
const longestHead = 64 * 1024

type State = 'head' | 'length' | 'chunk size' | 'chunk' | 'chunk end' | 'trailers' | 'until close' | 'done'

/**
 * Reads one HTTP/1.1 answer (RFC 9112) from pieces of any size: content-length, chunked and until-close bodies, 1xx before
 * the answer, HEAD, 204 and 304. It is strict where leniency hides a broken peer, and remembers only what is counted.
 */
export class ResponseReader {
  status = 0
  label: string | undefined
  bodyBytes = 0
  keepAlive = true
  head: string | undefined
  /** Why the answer is malformed; empty while it is not. */
  wrong = ''
  #plan: ReadingPlan = { head: false, keep: false, labelHeader: '' }
  #state: State = 'done'
  #left = 0
  #pending: Buffer | undefined
  #kept: Buffer[] = []
  #keptSize = 0

  /** Makes ready for the next answer. */
  begin(plan: ReadingPlan): void {
    this.#plan = plan
    this.#state = 'head'
    this.status = 0
    this.label = undefined
    this.bodyBytes = 0
    this.keepAlive = true
    this.head = undefined
    this.wrong = ''
    this.#pending = undefined
    if (this.#kept.length > 0) this.#kept = []
    this.#keptSize = 0
  }

  /** Whether the answer is whole. */
  get done(): boolean {
    return this.#state === 'done'
  }

  /** The kept body as text. */
  get body(): string | undefined {
    return this.#plan.keep ? Buffer.concat(this.#kept).toString('utf8') : undefined
  }

  /** Takes bytes [0, size) of `buffer`, which may be reused afterwards. Returns how many belong to this answer; look at `wrong` and `done`. */
  read(buffer: Buffer, size: number): number {
    let at = 0
    while (at < size && !this.done && this.wrong === '') at = this.#step(buffer, at, size)
    return at
  }

  /** Tells that the peer ended the connection in order; true when the answer is thereby whole. */
  end(): boolean {
    if (this.#state === 'until close') this.#state = 'done'
    return this.#state === 'done'
  }

  #step(buffer: Buffer, at: number, size: number): number {
    switch (this.#state) {
      case 'head':
        return this.#readHead(buffer, at, size)
      case 'length':
      case 'chunk': {
        const taken = Math.min(this.#left, size - at)
        this.#take(buffer, at, at + taken)
        this.#left -= taken
        if (this.#left === 0) this.#state = this.#state === 'length' ? 'done' : 'chunk end'
        return at + taken
      }
      case 'until close':
        this.#take(buffer, at, size)
        return size
      case 'chunk size':
      case 'chunk end':
      case 'trailers':
        return this.#readLine(buffer, at, size)
      case 'done':
        return at
      default:
        return this.#state satisfies never
    }
  }

  #take(buffer: Buffer, from: number, to: number): void {
    this.bodyBytes += to - from
    this.#plan.onBody?.(buffer.subarray(from, to))
    if (!this.#plan.keep || this.#keptSize >= keptBytes) return
    this.#kept.push(Buffer.from(buffer.subarray(from, to)))
    this.#keptSize += to - from
  }

  /** The bytes up to `mark`, joined with what came before; undefined (and kept for later) when the mark is not there yet. */
  #upTo(
    mark: string,
    buffer: Buffer,
    at: number,
    size: number,
  ): { readonly text: string; readonly next: number } | undefined {
    if (this.#pending === undefined) {
      const end = buffer.indexOf(mark, at, 'latin1')
      if (end >= 0 && end + mark.length <= size)
        return { text: buffer.toString('latin1', at, end), next: end + mark.length }
      this.#pending = Buffer.from(buffer.subarray(at, size))
      return undefined
    }
    const earlier = this.#pending.length
    const joined = Buffer.concat([this.#pending, buffer.subarray(at, size)])
    const end = joined.indexOf(mark, 0, 'latin1')
    if (end < 0) {
      this.#pending = joined
      if (joined.length > longestHead) this.wrong = `a head or line of more than ${longestHead} bytes`
      return undefined
    }
    this.#pending = undefined
    return { text: joined.toString('latin1', 0, end), next: at + end + mark.length - earlier }
  }

  #readHead(buffer: Buffer, at: number, size: number): number {
    const found = this.#upTo('\r\n\r\n', buffer, at, size)
    if (!found) return size
    this.#parseHead(found.text)
    return found.next
  }

  #readLine(buffer: Buffer, at: number, size: number): number {
    const found = this.#upTo('\r\n', buffer, at, size)
    if (!found) return size
    if (this.#state === 'trailers') {
      if (found.text === '') this.#state = 'done'
    } else if (this.#state === 'chunk end') {
      if (found.text !== '') this.wrong = 'a chunk longer than announced'
      this.#state = 'chunk size'
    } else {
      const digits = /^([0-9a-fA-F]{1,12})[\t ]*(?:;.*)?$/.exec(found.text)?.[1]
      if (digits === undefined) this.wrong = `chunk size "${found.text.slice(0, 40)}"`
      this.#left = Number.parseInt(digits ?? '0', 16)
      this.#state = this.#left === 0 ? 'trailers' : 'chunk'
    }
    return found.next
  }

  #parseHead(head: string): void {
    const status = statusOf(head)
    if (status === 0) {
      this.wrong = `status line "${head.slice(0, 40)}"`
      return
    }
    this.status = status
    const fields = readFields(head, this.#plan.labelHeader)
    if (fields.wrong !== '') this.wrong = fields.wrong
    if (status >= 100 && status < 200) return // An interim answer; the state stays "head".
    if (this.#plan.keep) this.head = head
    this.label = fields.label
    const close = fields.connection === undefined ? head.charCodeAt(7) === 48 : fields.connection.includes('close')
    this.keepAlive = !close
    if (this.#plan.head || status === 204 || status === 304) this.#state = 'done'
    else if (fields.chunked) this.#state = 'chunk size'
    else if (fields.length !== undefined) {
      this.#left = fields.length
      this.#state = fields.length === 0 ? 'done' : 'length'
    } else {
      this.keepAlive = false
      this.#state = 'until close'
    }
  }
}

/** The status of a head that begins `HTTP/1.0 ` or `HTTP/1.1 ` and three digits; 0 otherwise. */
function statusOf(head: string): number {
  if (!head.startsWith('HTTP/1.')) return 0
  const minor = head.charCodeAt(7)
  if ((minor !== 48 && minor !== 49) || head.charCodeAt(8) !== 32) return 0
  const [a, b, c] = [head.charCodeAt(9) - 48, head.charCodeAt(10) - 48, head.charCodeAt(11) - 48]
  const after = head.charCodeAt(12)
  const ended = Number.isNaN(after) || after === 32 || after === 13
  const digits = a >= 1 && a <= 9 && b >= 0 && b <= 9 && c >= 0 && c <= 9
  return digits && ended ? a * 100 + b * 10 + c : 0
}

interface Fields {
  length: number | undefined
  chunked: boolean
  connection: string | undefined
  label: string | undefined
  wrong: string
}

function readFields(head: string, labelHeader: string): Fields {
  const fields: Fields = { length: undefined, chunked: false, connection: undefined, label: undefined, wrong: '' }
  for (let end = head.indexOf('\r\n'); end >= 0; ) {
    const start = end + 2
    end = head.indexOf('\r\n', start)
    const stop = end < 0 ? head.length : end
    const colon = head.indexOf(':', start)
    if (colon <= start || colon > stop) {
      fields.wrong = `header line "${head.slice(start, Math.min(stop, start + 40))}"`
      return fields
    }
    const size = colon - start
    // Only names of these lengths are looked at: the rest of a head costs one search a line.
    if (size !== 10 && size !== 14 && size !== 17 && size !== labelHeader.length) continue
    const name = head.slice(start, colon).toLowerCase()
    if (name === labelHeader) fields.label = head.slice(colon + 1, stop).trim()
    if (name === 'connection') fields.connection = head.slice(colon + 1, stop).toLowerCase()
    else if (name === 'content-length') {
      const value = head.slice(colon + 1, stop).trim()
      const length = /^\d{1,15}$/.test(value) ? Number(value) : -1
      if (length < 0 || (fields.length !== undefined && fields.length !== length))
        fields.wrong = `content-length "${value}"`
      fields.length = length
    } else if (name === 'transfer-encoding') {
      const value = head
        .slice(colon + 1, stop)
        .trim()
        .toLowerCase()
      if (value !== 'chunked' || fields.chunked) fields.wrong = `transfer-encoding "${value}"`
      fields.chunked = true
    }
  }
  if (fields.chunked && fields.length !== undefined) fields.wrong = 'both content-length and transfer-encoding'
  return fields
}

/** The value of a header in a kept head; undefined when it is not there. */
export function headerOf(head: string, name: string): string | undefined {
  const wanted = name.toLowerCase()
  for (const line of head.split('\r\n').slice(1)) {
    const colon = line.indexOf(':')
    if (line.slice(0, colon).toLowerCase() === wanted) return line.slice(colon + 1).trim()
  }
  return undefined
}
