import { readdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** How long an unused version of a tool is kept; ms. */
const keptMs = 30 * 86_400_000

/** Marks the given programs as used, and removes versions from the cache that nobody has used for 30 days. `now` is ms. */
export function forgetOldTools(cache: string, used: readonly string[], now: number = Date.now()): void {
  for (const path of used) utimesSync(dirname(path), now / 1000, now / 1000)
  for (const entry of readdirSync(cache, { withFileTypes: true })) {
    const folder = join(cache, entry.name)
    if (entry.isDirectory() && now - statSync(folder).mtimeMs > keptMs) rmSync(folder, { recursive: true, force: true })
  }
}
