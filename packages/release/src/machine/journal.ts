import type { Decision, Reading, VerdictEntry } from '../verdict/index.ts'
import type { ReleaseState } from './release-state.ts'

/** What a verdict was told and what it said, one row a poll. */
export interface JournalEntry {
  readonly entry: VerdictEntry
  /** Present for batches. */
  readonly decision?: Decision
  /** The reading to go on from, present for batches. */
  readonly reading?: Reading
}

/** Where releases are written down before anything is done. Writes are durable when the promise resolves. */
export interface ReleaseJournal {
  save(state: ReleaseState): Promise<void>
  load(id: string): Promise<ReleaseState | undefined>
  /** All releases, oldest first. */
  list(): Promise<readonly ReleaseState[]>
  /** Adds one entry of a release's verdict. */
  append(id: string, entry: JournalEntry): Promise<void>
  /** All entries of a release's verdict, oldest first. */
  entries(id: string): Promise<readonly JournalEntry[]>
}

/** A journal that lives as long as its process; for tests and simulation. */
export function memoryJournal(): ReleaseJournal {
  const states = new Map<string, string>()
  const logs = new Map<string, string[]>()
  const read = (text: string): ReleaseState => JSON.parse(text) as ReleaseState
  return {
    async save(state) {
      states.set(state.id, JSON.stringify(state))
    },
    async load(id) {
      const text = states.get(id)
      return text === undefined ? undefined : read(text)
    },
    list: async () => [...states.values()].map(read),
    async append(id, entry) {
      logs.set(id, [...(logs.get(id) ?? []), JSON.stringify(entry)])
    },
    entries: async (id) => (logs.get(id) ?? []).map((text) => JSON.parse(text) as JournalEntry),
  }
}
