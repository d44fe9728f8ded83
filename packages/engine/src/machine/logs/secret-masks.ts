import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Every value that must not be shown, of whatever program: one may print what another was given. */
export class SecretMasks {
  readonly #values = new Set<string>()

  /** Begins with the passwords that were generated for a state directory. */
  constructor(stateDir: string) {
    const directory = join(stateDir, 'passwords')
    if (!existsSync(directory)) return
    for (const name of readdirSync(directory)) this.add(readFileSync(join(directory, name), 'utf8'))
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
