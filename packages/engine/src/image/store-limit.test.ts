import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { limitStore } from './store-limit.ts'

let folder: string
const now = 1_000_000_000
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seaworthy-limit-'))
  for (const [name, age] of [
    ['oldest', 900],
    ['old', 600],
    ['recent', 10],
  ] as const) {
    await writeFile(join(folder, name), Buffer.alloc(100))
    await utimes(join(folder, name), now / 1000 - age, now / 1000 - age)
  }
})
afterEach(() => rm(folder, { recursive: true }))

describe('the store of layers', () => {
  it.each([
    [300, ['old', 'oldest', 'recent']],
    [299, ['old', 'recent']],
    [0, ['recent']],
  ])('keeps within %i bytes what was used last', async (bytes, kept) => {
    await limitStore(folder, { bytes, recentMs: 60_000 }, now)
    expect((await readdir(folder)).sort()).toEqual(kept)
  })
})
