import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** How much of a store is kept. */
export interface StoreLimit {
  /** Bytes of packed layers; default 4 GiB. */
  readonly bytes: number
  /** Layers used within so many ms are kept whatever their size: another build may be about to write them. Default: one hour. */
  readonly recentMs: number
}

/** The limit of every store that is not given another. */
export const usualLimit: StoreLimit = Object.freeze({ bytes: 4 * 2 ** 30, recentMs: 3_600_000 })

/** Removes the layers that were not used for longest, until the rest fits. `now` is ms. Their notes stay: they only cost packing again. */
export async function limitStore(blobs: string, limit: StoreLimit, now: number): Promise<void> {
  const found = await Promise.all(
    (await readdir(blobs)).map(async (name) => {
      const path = join(blobs, name)
      const facts = await stat(path).catch(() => undefined)
      return { path, size: facts?.size ?? 0, used: facts?.mtimeMs ?? now }
    }),
  )
  let total = found.reduce((sum, { size }) => sum + size, 0)
  for (const { path, size, used } of found.sort((a, b) => a.used - b.used)) {
    if (total <= limit.bytes || now - used < limit.recentMs) return
    await rm(path, { force: true })
    total -= size
  }
}
