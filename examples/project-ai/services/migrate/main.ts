/** Brings the database to the newest schema: each file of `migrations/` once, in order, under a lock, safe to run twice. */
import { readdirSync, readFileSync } from 'node:fs'
import { inTransaction, openDatabase } from '../shared/database.ts'

const lock = 7_193_021
const folder = new URL('./migrations/', import.meta.url)
const pool = openDatabase(undefined, 1)

const applied = await inTransaction(pool, async (transaction) => {
  await transaction.query('select pg_advisory_xact_lock($1)', [lock])
  await transaction.query(
    'create table if not exists schema_migration (name text primary key, at timestamptz not null default now())',
  )
  const known = await transaction.query<{ name: string }>('select name from schema_migration')
  const done = new Set(known.rows.map((row) => row.name))
  const due = readdirSync(folder)
    .filter((name) => name.endsWith('.sql') && !done.has(name))
    .sort()
  for (const name of due) {
    await transaction.query(readFileSync(new URL(name, folder), 'utf8'))
    await transaction.query('insert into schema_migration (name) values ($1)', [name])
  }
  return due
})
await pool.end()
console.log(applied.length === 0 ? 'the schema is up to date' : `applied ${applied.join(', ')}`)
