import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { engineProblem } from '../../problem-codes.ts'

/** That this process, and no other, controls a state directory. */
export interface ControllerLock extends Disposable {
  /** Grows with each holder: a writer with a smaller one is a ghost. */
  readonly token: number
}

/**
 * Takes the lock of a state directory. SQLite's exclusive locking mode holds an advisory file lock that the kernel
 * drops when the process ends, however it ends: no stale lock can be left, and no running holder can be overtaken.
 * Throws SW4020 when another process holds it.
 */
export function lockController(directory: string): ControllerLock {
  const database = new DatabaseSync(join(directory, 'lock.db'), { timeout: 0 })
  try {
    database.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      BEGIN EXCLUSIVE;
      CREATE TABLE IF NOT EXISTS fence (id INTEGER PRIMARY KEY CHECK (id = 1), token INTEGER NOT NULL);
      INSERT INTO fence VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET token = token + 1;
      COMMIT;`)
    const row = database.prepare('SELECT token FROM fence').get()
    return { token: Number(row?.token), [Symbol.dispose]: () => database.close() }
  } catch (error) {
    database.close()
    if (!/locked|busy/i.test(String(error))) throw error
    throw engineProblem({
      code: 'SW4020',
      message: `Another controller runs on ${directory}.`,
      hint: 'Talk to that one (`seaworthy status`), or stop it with `seaworthy down`.',
      cause: error,
    })
  }
}
