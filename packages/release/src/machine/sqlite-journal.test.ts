import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ReleaseState } from './release-state.ts'
import { sqliteJournal } from './sqlite-journal.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'seaworthy-journal-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function stateOf(id: string, startedAt: number): ReleaseState {
  return { kind: 'release', id, startedAt, phase: { kind: 'running' } } as ReleaseState
}

describe('the journal of releases', () => {
  it('holds after a restart what was written before it, in order', async () => {
    const file = join(folder, 'releases.db')
    {
      using journal = sqliteJournal(file)
      await journal.save(stateOf('b', 2))
      await journal.save(stateOf('a', 1))
      await journal.save({ ...stateOf('b', 2), phase: { kind: 'completed' } })
      for (const ms of [1, 2, 3]) await journal.append('b', { entry: { kind: 'extend', ms } })
    }
    using journal = sqliteJournal(file)
    expect((await journal.list()).map((state) => `${state.id} ${state.phase.kind}`)).toEqual([
      'a running',
      'b completed',
    ])
    expect((await journal.entries('b')).map(({ entry }) => entry)).toEqual(
      [1, 2, 3].map((ms) => ({ kind: 'extend', ms })),
    )
    expect(await journal.entries('a')).toEqual([])
    expect(await journal.load('c')).toBeUndefined()
  })

  it('is readable by its owner alone', () => {
    const file = join(folder, 'releases.db')
    using _ = sqliteJournal(file)
    expect(statSync(file).mode & 0o077).toBe(0)
  })
})
