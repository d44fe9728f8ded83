import { createHash } from 'node:crypto'
import { seededRandom } from './seeded-random.ts'

/** A body that is sent in pieces as the connection takes them. */
export interface StreamedBody {
  readonly kind: 'stream'
  /** Total size. */
  readonly bytes: number
  /** The pieces, from the beginning each time that it is called. */
  readonly pieces: () => Iterator<Uint8Array>
  /** Pause after each piece, ms; 0 sends as fast as the connection takes it. */
  readonly pauseMs: number
  /** Sent with `transfer-encoding: chunked` instead of a content-length. */
  readonly chunked: boolean
  /** Checksum of all pieces, hexadecimal. */
  readonly sha256: string
}

/** A body of seeded random bytes in pieces of `pieceBytes` (default 16 KiB): the same seed gives the same bytes. */
export function seededBody(options: {
  readonly seed: number
  readonly bytes: number
  readonly pieceBytes?: number
  readonly pauseMs?: number
  readonly chunked?: boolean
}): StreamedBody {
  const { seed, bytes, pieceBytes = 16_384, pauseMs = 0, chunked = false } = options
  const pieces = function* (): Generator<Uint8Array, void, undefined> {
    const random = seededRandom(seed)
    for (let sent = 0; sent < bytes; sent += pieceBytes) {
      const piece = new Uint8Array(Math.min(pieceBytes, bytes - sent))
      for (let index = 0; index < piece.length; index += 1) piece[index] = random() * 256
      yield piece
    }
  }
  const hash = createHash('sha256')
  for (const piece of pieces()) hash.update(piece)
  return { kind: 'stream', bytes, pieces, pauseMs, chunked, sha256: hash.digest('hex') }
}
