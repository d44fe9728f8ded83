import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type TarEntry, tarEnd, tarHeader, tarPadding } from './tar.ts'

function listing(entry: TarEntry, content: Buffer): string {
  const archive = Buffer.concat([tarHeader(entry), content, tarPadding(content.byteLength), tarEnd()])
  return execFileSync(
    'tar',
    ['--list', '--verbose', '--numeric-owner', '--utc', '--quoting-style=literal', '-f', '-'],
    {
      input: archive,
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    },
  )
}

const common = { mode: 0o644, uid: 0, gid: 0, mtime: 0 }

describe('a tar header', () => {
  it('is what tar(1) reads: rights, owner, size, time and name', () => {
    const entry: TarEntry = {
      ...common,
      name: 'app/main.ts',
      kind: 'file',
      size: 3,
      mode: 0o750,
      uid: 65532,
      gid: 7,
      mtime: 86400,
    }
    expect(listing(entry, Buffer.from('abc'))).toBe('-rwxr-x--- 65532/7           3 1970-01-02 00:00 app/main.ts\n')
  })

  it('carries links and folders', () => {
    const link: TarEntry = { ...common, name: 'lib', kind: 'symlink', size: 0, mode: 0o777, target: 'usr/lib' }
    expect(listing(link, Buffer.alloc(0))).toContain('lib -> usr/lib')
    expect(listing({ ...common, name: 'tmp/', kind: 'directory', size: 0, mode: 0o1777 }, Buffer.alloc(0))).toMatch(
      /^drwxrwxrwt/,
    )
  })

  it('keeps names of any length and script', () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'é', '漢', ' ', '🚢', '0'), minLength: 1, maxLength: 60 })
    const names = fc
      .array(part, { minLength: 1, maxLength: 8 })
      .map((parts) => parts.map((text) => `x${text}x`).join('/'))
    fc.assert(
      fc.property(names, (name) =>
        listing({ ...common, name, kind: 'file', size: 0 }, Buffer.alloc(0)).endsWith(` ${name}\n`),
      ),
      { numRuns: 30 },
    )
  })

  it('keeps link targets of any length', () => {
    const target = 'very/'.repeat(60)
    expect(listing({ ...common, name: 'l', kind: 'symlink', size: 0, target }, Buffer.alloc(0))).toContain(
      `-> ${target}`,
    )
  })
})
