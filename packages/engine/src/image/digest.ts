import { createHash } from 'node:crypto'

/** A content address as OCI writes it: `sha256:` and 64 hex digits. */
export type Digest = `sha256:${string}`

/** The digest of bytes held in memory. */
export function digestOf(bytes: string | Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

/** The 64 hex digits alone, which name the blob's file in a layout. */
export function hexOf(digest: Digest): string {
  return digest.slice('sha256:'.length)
}

/** Counts and hashes what flows past; `digest()` ends it. */
export class DigestTap {
  readonly #hash = createHash('sha256')
  /** Bytes seen so far. */
  size = 0

  /** Takes one chunk into account. */
  update(chunk: Uint8Array): void {
    this.#hash.update(chunk)
    this.size += chunk.byteLength
  }

  /** The digest of everything seen; may be called once. */
  digest(): Digest {
    return `sha256:${this.#hash.digest('hex')}`
  }
}
