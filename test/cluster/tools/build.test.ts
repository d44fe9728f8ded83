import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hasProgram } from '../../../scripts/machine-packages.ts'
import { buildTools } from './build.ts'
import { forgetOldTools } from './old-tools.ts'
import type { Progress } from './progress.ts'

let cache: string
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'seaworthy-tools-'))
})
afterEach(() => {
  rmSync(cache, { recursive: true, force: true })
})

const titles: string[] = []
const progress: Progress = { begin: (title) => void titles.push(title), step: () => undefined, end: () => undefined }

describe.skipIf(!hasProgram('go'))('the tools', () => {
  it('are built once by several that ask at once, and found by the next one', async () => {
    const results = await Promise.all([1, 2, 3].map(() => buildTools(['pause'], { cache, progress })))
    const [path = ''] = results.map(({ pause }) => pause ?? '')
    expect(new Set(results.map(({ pause }) => pause))).toEqual(new Set([path]))
    expect(existsSync(path)).toBe(true)
    expect(readdirSync(join(path, '..')).filter((name) => name.endsWith('.draft'))).toEqual([])
    titles.length = 0
    await buildTools(['pause'], { cache, progress })
    expect(titles).toEqual([])
    // A static program: it starts without any library of this machine.
    expect(spawnSync('ldd', [path], { encoding: 'utf8' }).stderr).toContain('not a dynamic executable')
  })

  it('leave nothing half-built behind when the build is ended, and are built afterwards', async () => {
    const ended = AbortSignal.abort()
    await expect(buildTools(['pause'], { cache, progress, signal: ended })).rejects.toMatchObject({ code: 'SWC002' })
    const { pause = '' } = await buildTools(['pause'], { cache, progress })
    expect(existsSync(pause)).toBe(true)
  })
})

describe('old tools', () => {
  it('are forgotten after 30 days without use, and no other folder is touched', () => {
    const day = 86_400
    const now = 1_000 * day
    for (const [name, age] of [
      ['kubectl-old', 31],
      ['kubectl-new', 29],
      ['kubectl-used', 99],
    ] as const) {
      mkdirSync(join(cache, name))
      utimesSync(join(cache, name), now - age * day, now - age * day)
    }
    forgetOldTools(cache, [join(cache, 'kubectl-used', 'kubectl')], now * 1000)
    expect(readdirSync(cache).sort()).toEqual(['kubectl-new', 'kubectl-used'])
  })
})
