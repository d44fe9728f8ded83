import { dataPasswords } from '../resources/data-directory.ts'

/** Every value that must not be shown, of whatever program: one may print what another was given. */
export class SecretMasks {
  readonly #values = new Set<string>()

  /** Begins with the passwords that were generated for a state directory. */
  constructor(stateDir: string) {
    for (const password of dataPasswords(stateDir)) this.add(password)
  }

  /** Notes a value, and returns it. */
  add(value: string): string {
    this.#values.add(value)
    return value
  }

  /** All of them, the longest first, so that one that holds another goes whole. */
  get all(): readonly string[] {
    return [...this.#values].toSorted((a, b) => b.length - a.length)
  }
}
