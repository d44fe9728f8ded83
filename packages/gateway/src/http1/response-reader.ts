import { finishResponse } from '../message/collect-response.ts'
import { ResponseFields, specialResponseFields } from '../message/response-fields.ts'
import type { ResponseHead } from '../message/response-head.ts'
import { NameTable } from './characters.ts'
import { FieldLines, type FieldSink } from './field-lines.ts'
import { latin1 } from './latin1.ts'

const headLimit = 65_536
const fieldLimit = 200
const lineLimit = 1_024
const lf = 10
const special = new NameTable(specialResponseFields)
const statusLine = /^HTTP\/1\.([01]) ([1-5][0-9][0-9])(?: ([\t\x20-\x7e\x80-\xff]*))?\r\n$/

/** What came of the bytes so far. */
export type ReadResponse = 'more' | 'malformed' | ResponseHead

/** Reads the heads of answers from one connection to a replica, by the same strictness as requests. */
export class ResponseReader implements FieldSink {
  readonly #lines = new FieldLines(special, fieldLimit)
  #fields = new ResponseFields()
  #rest: Buffer | undefined
  #linesAt = 0
  #minor = 1
  #status = 0
  #reason = ''
  /** Offset in the chunk last given, behind the head. */
  consumed = 0
  /** Whether the connection stays open after this answer. */
  keepAlive = true
  /** Seconds after which the replica closes an idle connection, or -1. */
  keepAliveSeconds = -1

  field(name: string, value: string): boolean | string {
    const verdict = this.#fields.take(name, value)
    return verdict === 'keep' ? true : verdict === 'drop' ? false : verdict
  }

  /** Reads from offset `from` of a chunk the answer to a request of this method. */
  read(chunk: Buffer, from: number, method: string): ReadResponse {
    const before = this.#rest?.length ?? 0
    const bytes =
      this.#rest === undefined
        ? from === 0
          ? chunk
          : chunk.subarray(from)
        : Buffer.concat([this.#rest, chunk.subarray(from)])
    this.#rest = undefined
    if (this.#linesAt === 0) {
      const state = this.#readStatusLine(bytes)
      if (state === 'malformed') return state
      if (state === 'more') return this.#wait(bytes)
    }
    const state = this.#lines.read(bytes, this)
    if (state === 'more') return this.#wait(bytes)
    if (state !== 'done' || this.#lines.end > headLimit) return 'malformed'
    this.consumed = from + this.#lines.end - before
    const fields = this.#fields
    this.#fields = new ResponseFields()
    this.#linesAt = 0
    if (fields.chunked && this.#minor === 0) return 'malformed'
    this.keepAlive = this.#minor === 1 && !fields.close
    this.keepAliveSeconds = fields.keepAliveSeconds
    return finishResponse(this.#status, this.#reason, fields, this.#lines.block(bytes), method) ?? 'malformed'
  }

  #wait(bytes: Buffer): ReadResponse {
    if (bytes.length > headLimit) return 'malformed'
    // The bytes may lie in a buffer that the next read overwrites.
    this.#rest = Buffer.from(bytes)
    return 'more'
  }

  #readStatusLine(bytes: Buffer): 'done' | 'more' | 'malformed' {
    const end = bytes.indexOf(lf)
    if (end === -1) {
      if (bytes.length > lineLimit) return 'malformed'
      const found = latin1(bytes, 0, Math.min(bytes.length, 7))
      return 'HTTP/1.'.startsWith(found) ? 'more' : 'malformed'
    }
    if (end > lineLimit) return 'malformed'
    const text = latin1(bytes, 0, end + 1)
    if (text === 'HTTP/1.1 200 OK\r\n') {
      this.#minor = 1
      this.#status = 200
      this.#reason = 'OK'
    } else {
      const match = statusLine.exec(text)
      if (match === null) return 'malformed'
      this.#minor = Number(match[1])
      this.#status = Number(match[2])
      this.#reason = match[3] ?? ''
    }
    this.#linesAt = end + 1
    this.#lines.begin(this.#linesAt)
    return 'done'
  }
}
