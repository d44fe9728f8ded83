import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { FileLog } from './access-log.ts'

const directory = mkdtempSync(join(tmpdir(), 'access-log-'))
afterAll(() => rmSync(directory, { recursive: true }))

describe('the access log', () => {
  test('keeps every line, whole and in order, however many come at once', async () => {
    const path = join(directory, 'many.log')
    const log = new FileLog(path, { everyMs: 1 })
    const lines = Array.from({ length: 5_000 }, (_, i) => `{"n":${i},"pad":"${'x'.repeat(i % 90)}"}\n`)
    for (const [i, line] of lines.entries()) {
      log.write(line)
      if (i % 500 === 0) await new Promise((resolve) => setTimeout(resolve, 2))
    }
    await log.close()
    expect(readFileSync(path, 'utf8')).toBe(lines.join(''))
    expect(log.lost).toBe(0)
  })

  test('goes on in a new file when somebody has moved the old one away', async () => {
    const path = join(directory, 'moved.log')
    const log = new FileLog(path, { everyMs: 1, checkMs: 0 })
    log.write('before\n')
    await expect.poll(() => existsSync(path) && readFileSync(path, 'utf8'), { timeout: 20_000 }).toBe('before\n')
    renameSync(path, `${path}.old`)
    log.write('after\n')
    await log.close()
    expect([readFileSync(`${path}.old`, 'utf8'), readFileSync(path, 'utf8')]).toEqual(['before\n', 'after\n'])
  })

  test('begins a new file when the old one has grown too large', async () => {
    const path = join(directory, 'large.log')
    const log = new FileLog(path, { everyMs: 1, checkMs: 0, maxBytes: 10 })
    log.write('more than ten bytes\n')
    await expect.poll(() => existsSync(path), { timeout: 20_000 }).toBe(true)
    log.write('new\n')
    await log.close()
    expect([readFileSync(`${path}.1`, 'utf8'), readFileSync(path, 'utf8')]).toEqual(['more than ten bytes\n', 'new\n'])
  })

  test('counts what it could not write, and never throws', async () => {
    const log = new FileLog(join(directory, 'nowhere', 'x.log'), { everyMs: 1 })
    log.write('lost\n')
    log.write('lost too\n')
    await log.close()
    expect(log.lost).toBe(2)
  })
})
