import { DatabaseSync } from 'node:sqlite'
import type { FleetReleaseState } from './fleet-state.ts'

/** Where fleet releases are written down before anything follows from them. Writes are durable when the promise resolves. */
export interface FleetJournal {
  save(state: FleetReleaseState): Promise<void>
  /** All of them, oldest first. */
  list(): Promise<readonly FleetReleaseState[]>
}

/** A journal that lives as long as its process; for tests and simulation. */
export function memoryFleetJournal(): FleetJournal {
  const states = new Map<string, string>()
  return {
    async save(state) {
      states.set(state.id, JSON.stringify(state))
    },
    list: async () => [...states.values()].map((text) => JSON.parse(text) as FleetReleaseState),
  }
}

/** A journal in a SQLite file. Every write is synced to disk before it is acknowledged. */
export function sqliteFleetJournal(file: string): FleetJournal & Disposable {
  const store = new DatabaseSync(file)
  store.exec('pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000')
  store.exec(
    'create table if not exists fleet_release (id text primary key, started integer not null, state text not null)',
  )
  const save = store.prepare(
    'insert into fleet_release (id, started, state) values (?, ?, ?) on conflict (id) do update set state = excluded.state',
  )
  const list = store.prepare('select state from fleet_release order by started, id')
  return {
    async save(state) {
      save.run(state.id, state.startedAt, JSON.stringify(state))
    },
    list: async () => (list.all() as { state: string }[]).map((row) => JSON.parse(row.state) as FleetReleaseState),
    [Symbol.dispose]: () => store.close(),
  }
}
