import type { CounterRow } from '../counter-page.ts'
import { type CounterKey, CounterRowState } from './counter-row.ts'

/** All rows of one worker; a row, once opened, stays until the worker ends, because its counts are cumulative. */
export class Counters {
  readonly #rows = new Map<string, CounterRowState>()

  /** The row of this key; the same object for the same key. A new coin (`dealtBy`) or window begins its episodes anew. */
  row(key: CounterKey, episodeMs: number, dealtBy: string): CounterRowState {
    const name = `${key.service}\0${key.route}\0${key.version}\0${key.share}`
    let row = this.#rows.get(name)
    if (row === undefined) {
      row = new CounterRowState(key, episodeMs, dealtBy)
      this.#rows.set(name, row)
    } else row.remember(dealtBy, episodeMs)
    return row
  }

  /** Every row that has counted something; `agesOf` gives the ages in ms of a row's requests in flight. */
  rows(agesOf: (row: CounterRowState) => readonly number[]): CounterRow[] {
    const rows: CounterRow[] = []
    for (const row of this.#rows.values()) if (row.assigned > 0) rows.push(row.snapshot(agesOf(row)))
    return rows
  }
}
