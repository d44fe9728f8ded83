import { tokenPattern, trimSpace, valuePattern } from '../message/fields.ts'
import { classOf, hexBit, valueBit } from './characters.ts'
import { latin1 } from './latin1.ts'

const cr = 13
const lf = 10
const semicolon = 59
/** Hexadecimal digits of a chunk size: below 2^48. */
const sizeDigits = 12
/** Bytes that chunk extensions of one body may have; they are dropped. */
const extensionLimit = 4_096
const trailerLimit = 8_192

/** Fields that make a body malformed where they stand behind it: they would have decided how it was read. */
const malformedInTrailers = /^(?:transfer-encoding|content-length|host)$/

/** Fields that a trailer may not carry, because they decide routing or meaning (RFC 9110 §6.5.1); they are dropped. */
const notInTrailers =
  /^(?:content-type|content-encoding|content-range|connection|keep-alive|trailer|te|upgrade|expect|authorization|proxy-.*|cookie|set-cookie|cache-control|via|traceparent|forwarded|x-forwarded-.*|x-request-id|x-real-ip)$/

/** Takes the data of a chunked body. */
export interface ChunkSink {
  /** Some data; valid only within this call. */
  bodyData(data: Buffer): void
}

type Place = 'size' | 'extension' | 'size-lf' | 'data' | 'data-cr' | 'data-lf' | 'trailer'

/** Takes chunked framing off a body, strictly: plain sizes, CRLF everywhere, bounded extensions and trailers. */
export class ChunkedDecoder {
  #place: Place = 'size'
  #size = 0
  #digits = 0
  #extension = 0
  #trailer = ''
  /** Whether the body is complete. */
  done = false
  /** Whether the framing is malformed. */
  failed = false
  /** The trailer section as a block of field lines. */
  trailers = ''

  /** Reads on from offset `at`; returns the offset where reading stopped: the end of the bytes, of the body, or a mistake. */
  decode(bytes: Buffer, from: number, sink: ChunkSink): number {
    let at = from
    while (at < bytes.length && !this.done && !this.failed) {
      if (this.#place === 'data') {
        const end = Math.min(at + this.#size, bytes.length)
        this.#size -= end - at
        if (this.#size === 0) this.#place = 'data-cr'
        sink.bodyData(at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end))
        at = end
      } else if (this.#place === 'trailer') at = this.#readTrailer(bytes, at)
      else this.#step(bytes[at++] as number)
    }
    return at
  }

  #step(byte: number): void {
    switch (this.#place) {
      case 'size':
        if (((classOf[byte] as number) & hexBit) !== 0 && this.#digits < sizeDigits) {
          this.#digits++
          this.#size = this.#size * 16 + (byte <= 57 ? byte - 48 : (byte | 32) - 87)
        } else if (this.#digits > 0 && byte === cr) this.#place = 'size-lf'
        else if (this.#digits > 0 && byte === semicolon) this.#place = 'extension'
        else this.failed = true
        break
      case 'extension':
        if (byte === cr) this.#place = 'size-lf'
        else if (((classOf[byte] as number) & valueBit) === 0 || ++this.#extension > extensionLimit) this.failed = true
        break
      case 'size-lf':
        if (byte !== lf) this.failed = true
        this.#digits = 0
        this.#place = this.#size === 0 ? 'trailer' : 'data'
        break
      case 'data-cr':
        if (byte !== cr) this.failed = true
        this.#place = 'data-lf'
        break
      case 'data-lf':
        if (byte !== lf) this.failed = true
        this.#place = 'size'
        break
      case 'data':
      case 'trailer':
        break
      default:
        this.#place satisfies never
    }
  }

  #readTrailer(bytes: Buffer, at: number): number {
    let end = at
    while (end < bytes.length) {
      if (bytes[end++] !== lf) continue
      const line = this.#trailer + latin1(bytes, at, end)
      at = end
      this.#trailer = ''
      if (line === '\r\n') {
        this.done = true
        return end
      }
      if (!this.#takeTrailer(line)) {
        this.failed = true
        return end
      }
    }
    this.#trailer += latin1(bytes, at, end)
    if (this.#trailer.length > trailerLimit) this.failed = true
    return end
  }

  #takeTrailer(line: string): boolean {
    const colon = line.indexOf(':')
    if (!line.endsWith('\r\n') || colon < 1 || this.trailers.length + line.length > trailerLimit) return false
    const name = line.slice(0, colon)
    const value = trimSpace(line.slice(colon + 1, -2))
    if (!tokenPattern.test(name) || !valuePattern.test(value)) return false
    if (malformedInTrailers.test(name.toLowerCase())) return false
    if (!notInTrailers.test(name.toLowerCase())) this.trailers += `${name}: ${value}\r\n`
    return true
  }
}
