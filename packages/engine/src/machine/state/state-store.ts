import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { engineProblem } from '../../problem-codes.ts'
import type { JobRow, ReplicaRow } from '../../supervisor/row.ts'

/** Version of the tables; a newer one is refused, older ones are brought forward. */
const schemaVersion = 1

const schema = `
  CREATE TABLE IF NOT EXISTS document (name TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS replica (id TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS job (key TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS transition (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL) STRICT;
`

/** Transitions kept for those who look later. */
const transitionsKept = 10_000

/**
 * What must outlive the controller: the desired state as named documents, a row per replica and per run of a job, and
 * the latest transitions. Everything is synchronous: when a method returns, it is written.
 */
export class StateStore implements Disposable {
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()
  readonly #replicas = new Map<string, string>()

  /** Opens or makes the store. Throws SW4021 when a newer version wrote it. */
  constructor(directory: string) {
    // What services are started with stands in it: the owner's alone.
    closeSync(openSync(join(directory, 'state.db'), 'a', 0o600))
    this.#database = new DatabaseSync(join(directory, 'state.db'))
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000;')
    const found = Number(this.#database.prepare('PRAGMA user_version').get()?.user_version ?? 0)
    if (found > schemaVersion) {
      this.#database.close()
      throw engineProblem({
        code: 'SW4021',
        message: `The state in ${directory} has version ${found}; this Seaworthy knows ${schemaVersion}.`,
        hint: 'Use the newer Seaworthy, or another state directory.',
      })
    }
    this.#database.exec(`${schema} PRAGMA user_version = ${schemaVersion};`)
  }

  /** A document, or undefined. */
  read<T>(name: string): T | undefined {
    const row = this.#prepare('SELECT json FROM document WHERE name = ?').get(name)
    return row === undefined ? undefined : (JSON.parse(String(row.json)) as T)
  }

  /** Replaces documents together; they survive a power cut once this returns. */
  write(documents: Readonly<Record<string, unknown>>): void {
    this.#transaction('FULL', () => {
      for (const [name, value] of Object.entries(documents)) {
        this.#prepare('INSERT INTO document VALUES (?, ?) ON CONFLICT DO UPDATE SET json = excluded.json').run(
          name,
          JSON.stringify(value),
        )
      }
    })
  }

  /** Every replica row. */
  replicas(): readonly ReplicaRow[] {
    const rows = this.#prepare('SELECT id, json FROM replica').all()
    for (const row of rows) this.#replicas.set(String(row.id), String(row.json))
    return rows.map((row) => JSON.parse(String(row.json)) as ReplicaRow)
  }

  /** Every job row, oldest first. */
  jobs(): readonly JobRow[] {
    return this.#prepare('SELECT json FROM job ORDER BY rowid')
      .all()
      .map((row) => JSON.parse(String(row.json)) as JobRow)
  }

  /**
   * Writes what changed in one transaction. Replica rows survive SIGKILL of this process at once and a power cut a
   * little later, which is enough: after a power cut there are no processes to find. Job rows survive both.
   */
  commit(changes: {
    readonly replicas: ReadonlyMap<string, ReplicaRow | undefined>
    readonly jobs: readonly JobRow[]
    /** Keys of runs that are deleted. */
    readonly forgotten: readonly string[]
  }): void {
    const replicas = [...changes.replicas].filter(
      ([id, row]) => this.#replicas.get(id) !== (row && JSON.stringify(row)),
    )
    const { jobs, forgotten } = changes
    if (replicas.length === 0 && jobs.length === 0 && forgotten.length === 0) return
    this.#transaction(jobs.length > 0 ? 'FULL' : 'NORMAL', () => {
      for (const [id, row] of replicas) {
        if (row === undefined) {
          this.#prepare('DELETE FROM replica WHERE id = ?').run(id)
          this.#replicas.delete(id)
          continue
        }
        const json = JSON.stringify(row)
        this.#prepare('INSERT INTO replica VALUES (?, ?) ON CONFLICT DO UPDATE SET json = excluded.json').run(id, json)
        this.#replicas.set(id, json)
      }
      for (const key of forgotten) {
        this.#prepare('DELETE FROM job WHERE key = ?').run(key)
        this.#prepare('DELETE FROM document WHERE name = ?').run(`job-overrides:${key}`)
      }
      for (const row of jobs) {
        this.#prepare('INSERT INTO job VALUES (?, ?) ON CONFLICT DO UPDATE SET json = excluded.json').run(
          row.run.key,
          JSON.stringify(row),
        )
      }
    })
  }

  /** Notes what happened, for `status` and for people; the oldest are forgotten. `at` is ms since the Unix epoch. */
  note(at: number, subject: string, text: string): void {
    this.#transaction('NORMAL', () => {
      this.#prepare('INSERT INTO transition (at, subject, text) VALUES (?, ?, ?)').run(at, subject, text)
      this.#prepare('DELETE FROM transition WHERE number <= (SELECT max(number) FROM transition) - ?').run(
        transitionsKept,
      )
    })
  }

  /** The latest transitions, oldest first. */
  transitions(limit: number): readonly { readonly at: number; readonly subject: string; readonly text: string }[] {
    return this.#prepare('SELECT at, subject, text FROM transition ORDER BY number DESC LIMIT ?')
      .all(limit)
      .map((row) => ({ at: Number(row.at), subject: String(row.subject), text: String(row.text) }))
      .toReversed()
  }

  /** Forgets everything. */
  clear(): void {
    this.#transaction('FULL', () => {
      for (const table of ['document', 'replica', 'job', 'transition']) this.#database.exec(`DELETE FROM ${table}`)
    })
    this.#replicas.clear()
  }

  [Symbol.dispose](): void {
    this.#database.close()
  }

  #transaction(durability: 'FULL' | 'NORMAL', work: () => void): void {
    this.#database.exec(`PRAGMA synchronous = ${durability}`)
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      work()
      this.#database.exec('COMMIT')
    } catch (error) {
      this.#database.exec('ROLLBACK')
      throw error
    }
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql)
    if (!statement) {
      statement = this.#database.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }
}
