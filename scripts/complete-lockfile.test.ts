import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { completed, type Lockfile, lockfilePath, missingOptional } from './complete-lockfile.ts'

const lockfile: Lockfile = {
  packages: {
    '': {},
    'node_modules/tool': {
      version: '2.0.0',
      dev: true,
      license: 'MIT',
      optionalDependencies: { 'tool-linux-x64-musl': '2.0.0', 'tool-darwin-arm64': '2.0.0', 'tool-linux-x64': '2.0.0' },
    },
    'node_modules/tool-linux-x64': { version: '2.0.0' },
  },
}

describe('the lockfile', () => {
  it('of this repository names the packages of every platform (else: node scripts/complete-lockfile.ts)', () => {
    expect(missingOptional(JSON.parse(readFileSync(lockfilePath, 'utf8')) as Lockfile)).toEqual([])
  })

  it('is completed with entries that npm takes on their own platform alone', () => {
    expect(missingOptional(lockfile).map(({ name }) => name)).toEqual(['tool-linux-x64-musl', 'tool-darwin-arm64'])
    const done = completed(lockfile)
    expect(missingOptional(done)).toEqual([])
    expect(done.packages['node_modules/tool-linux-x64-musl']).toEqual({
      version: '2.0.0',
      cpu: ['x64'],
      dev: true,
      libc: ['musl'],
      license: 'MIT',
      optional: true,
      os: ['linux'],
    })
  })
})
