import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** The group's own database file; `DATA_PATH` is the folder of the volume that it needs. */
export function openStore(
  name: string,
  tables: string,
  folder: string = process.env.DATA_PATH ?? '.data',
): DatabaseSync {
  mkdirSync(folder, { recursive: true })
  const store = new DatabaseSync(join(folder, `${name}.db`))
  // Two versions of the group write at the same time during a release: readers must not block, writers wait their turn.
  store.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 5000')
  store.exec(tables)
  return store
}
