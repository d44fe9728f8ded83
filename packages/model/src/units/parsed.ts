/** What came of reading a written value: the value, or what was expected and, where it can be guessed, what was meant. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false
      /** What would have been right, such as `a duration such as 250ms, 20s, 5m, 1h, 1d or 2w`. */
      readonly expected: string
      /** The nearest valid way to write it, as it would stand in the catalog. */
      readonly nearest?: string
    }

/** A value that was read. */
export function parsed<T>(value: T): Parsed<T> {
  return { ok: true, value }
}

/** A value that could not be read, with what was expected and the nearest valid form, where there is one. */
export function refused(expected: string, nearest?: string): Parsed<never> {
  return nearest === undefined ? { ok: false, expected } : { ok: false, expected, nearest }
}
