import { closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { JournalEntry, ReleaseJournal } from './journal.ts'
import type { ReleaseState } from './release-state.ts'

/** A journal in a SQLite file. Every write is synced to disk before it is acknowledged. */
export function sqliteJournal(file: string): ReleaseJournal & Disposable {
  // Versions carry variables: the file, and what SQLite lays beside it in the same mode, are the owner's alone.
  closeSync(openSync(file, 'a', 0o600))
  const store = new DatabaseSync(file)
  store.exec('pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000')
  store.exec('create table if not exists release (id text primary key, started integer not null, state text not null)')
  store.exec(
    'create table if not exists verdict (release text not null, seq integer not null, entry text not null, primary key (release, seq))',
  )
  const save = store.prepare(
    'insert into release (id, started, state) values (?, ?, ?) on conflict (id) do update set state = excluded.state',
  )
  const load = store.prepare('select state from release where id = ?')
  const list = store.prepare('select state from release order by started, id')
  const append = store.prepare(
    'insert into verdict (release, seq, entry) select ?1, coalesce(max(seq), 0) + 1, ?2 from verdict where release = ?1',
  )
  const entries = store.prepare('select entry from verdict where release = ? order by seq')
  return {
    async save(state) {
      save.run(state.id, state.startedAt, JSON.stringify(state))
    },
    async load(id) {
      const row = load.get(id) as { state: string } | undefined
      return row && (JSON.parse(row.state) as ReleaseState)
    },
    list: async () => (list.all() as { state: string }[]).map((row) => JSON.parse(row.state) as ReleaseState),
    async append(id, entry) {
      append.run(id, JSON.stringify(entry))
    },
    entries: async (id) => (entries.all(id) as { entry: string }[]).map((row) => JSON.parse(row.entry) as JournalEntry),
    [Symbol.dispose]: () => store.close(),
  }
}
