import type { Limits } from '../core/limits.ts'
import { type CollectedRequest, finishRequest } from '../message/collect-request.ts'
import type { RefusalName } from '../message/refusal.ts'
import { RequestFields, specialRequestFields } from '../message/request-fields.ts'
import { knownMethods, targetLimit } from '../message/target.ts'
import { classOf, NameTable, targetBit, tokenBit } from './characters.ts'
import { FieldLines, type FieldSink } from './field-lines.ts'
import { latin1 } from './latin1.ts'

const space = 32
const cr = 13
const lf = 10
/** Empty lines before a request that are skipped (RFC 9112 §2.2). */
const emptyLines = 2
const special = new NameTable(specialRequestFields)

/** What came of the bytes so far: more are needed, the connection speaks HTTP/2, the request is refused, or here it is. */
export type ReadRequest = 'more' | 'http2' | CollectedRequest | RefusalName

/** Reads request heads from one connection, one after another, from bytes that may be cut anywhere. */
export class RequestReader implements FieldSink {
  readonly #limits: Limits
  readonly #lines: FieldLines
  #fields = new RequestFields()
  /** Bytes of a head that is not complete, from its first byte. */
  #rest: Buffer | undefined
  /** Where the field lines begin; 0 while the request line is being read. */
  #linesAt = 0
  #method = ''
  #target = ''
  #minor = 1
  #skipped = 0
  /** What was read, when it turned out to be HTTP/2. */
  preface: Buffer = Buffer.alloc(0)
  /** Offset in the chunk last given, behind the head. */
  consumed = 0

  constructor(limits: Limits) {
    this.#limits = limits
    this.#lines = new FieldLines(special, limits.headFields)
  }

  /** Whether a head has begun and is not complete. */
  get begun(): boolean {
    return this.#rest !== undefined
  }

  field(name: string, value: string): boolean | string {
    const verdict = this.#fields.take(name, value)
    return verdict === 'keep' ? true : verdict === 'drop' ? false : verdict
  }

  /** Reads from offset `from` of a chunk. */
  read(chunk: Buffer, from: number): ReadRequest {
    const before = this.#rest?.length ?? 0
    const bytes =
      this.#rest === undefined
        ? from === 0
          ? chunk
          : chunk.subarray(from)
        : Buffer.concat([this.#rest, chunk.subarray(from)])
    this.#rest = undefined
    let start = 0
    if (this.#linesAt === 0) {
      while (bytes[start] === cr && bytes[start + 1] === lf && this.#skipped < emptyLines) {
        start += 2
        this.#skipped++
      }
      const line = this.#requestLine(bytes, start)
      if (line === 'http2') this.preface = Buffer.from(bytes)
      if (line !== undefined) return line === 'more' ? this.#wait(start === 0 ? bytes : bytes.subarray(start)) : line
    }
    const state = this.#lines.read(bytes, this)
    switch (state) {
      case 'more':
        return this.#wait(bytes)
      case 'bad':
        return (this.#lines.refusal as RefusalName) || 'bad-header'
      case 'too-many':
        return 'head-too-large'
      case 'done':
        break
      default:
        return state satisfies never
    }
    if (this.#lines.end > this.#limits.headBytes) return 'head-too-large'
    this.consumed = from + this.#lines.end - before
    return this.#conclude(bytes)
  }

  #wait(bytes: Buffer): ReadRequest {
    if (bytes.length > this.#limits.headBytes) return this.#linesAt === 0 ? 'target-too-long' : 'head-too-large'
    // The bytes may lie in a buffer that the next read overwrites.
    if (bytes.length > 0) this.#rest = Buffer.from(bytes)
    return 'more'
  }

  /** `undefined` once the request line is read. */
  #requestLine(bytes: Buffer, start: number): ReadRequest | undefined {
    const length = bytes.length
    let at = start
    while (at < length && ((classOf[bytes[at] as number] as number) & tokenBit) !== 0) at++
    if (at - start > 32) return 'bad-request-line'
    if (at === length) return 'more'
    if (bytes[at] !== space || at === start) return at === start && loneCr(bytes, at) ? 'more' : 'bad-request-line'
    const targetAt = ++at
    while (at < length && ((classOf[bytes[at] as number] as number) & targetBit) !== 0) at++
    if (at - targetAt > targetLimit) return 'target-too-long'
    if (at === length) return 'more'
    if (bytes[at] !== space || at === targetAt) return bytes[at] === 0x23 ? 'bad-target' : 'bad-request-line'
    const versionAt = at + 1
    if (versionAt + 10 > length) return isVersionPrefix(bytes, versionAt) ? 'more' : 'bad-request-line'
    const line = latin1(bytes, start, versionAt + 10)
    this.#method = line.slice(0, targetAt - 1 - start)
    this.#target = line.slice(targetAt - start, at - start)
    if (line.endsWith(' HTTP/1.1\r\n')) this.#minor = 1
    else if (line.endsWith(' HTTP/1.0\r\n')) this.#minor = 0
    else if (!/ HTTP\/[0-9]\.[0-9]\r\n$/.test(line)) return 'bad-request-line'
    else return line === 'PRI * HTTP/2.0\r\n' ? 'http2' : 'bad-version'
    if (!knownMethods.has(this.#method)) return 'unknown-method'
    this.#linesAt = versionAt + 10
    this.#lines.begin(this.#linesAt)
    return undefined
  }

  #conclude(bytes: Buffer): ReadRequest {
    const fields = this.#fields
    const block = this.#lines.block(bytes)
    this.#fields = new RequestFields(fields.authority)
    this.#linesAt = 0
    this.#skipped = 0
    const refusal = fields.conclude(this.#minor)
    if (refusal !== undefined) return refusal
    return finishRequest(this.#method, this.#target, this.#minor === 1 ? 'HTTP/1.1' : 'HTTP/1.0', fields, block)
  }
}

/** A CR that ends the bytes at hand may be the first half of an empty line. */
function loneCr(bytes: Buffer, at: number): boolean {
  return bytes[at] === cr && at === bytes.length - 1
}

function isVersionPrefix(bytes: Buffer, at: number): boolean {
  const found = latin1(bytes, at, bytes.length)
  return (
    'HTTP/1.1\r\n'.startsWith(found) ||
    /^HTTP\/[0-9]?(?:(?<=[0-9])\.[0-9]?\r?)?$/.test(found) ||
    'HTTP/'.startsWith(found)
  )
}
