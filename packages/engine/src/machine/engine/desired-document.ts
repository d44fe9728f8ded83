import type { Desired } from '../desired/desired.ts'
import type { StateStore } from '../state/state-store.ts'

/** The desired state, on disk before it is acted on. */
export class DesiredDocument {
  readonly #store: StateStore
  #current: Desired | undefined
  #stopped: boolean

  constructor(store: StateStore) {
    this.#store = store
    this.#current = store.read<Desired>('desired')
    this.#stopped = store.read<boolean>('stopped') ?? false
  }

  /** What is wanted; absent before the first `apply`. */
  get current(): Desired | undefined {
    return this.#current
  }

  /** Whether the fleet was taken down: a new controller starts nothing then. */
  get stopped(): boolean {
    return this.#stopped
  }

  /** Replaces what is wanted. When this returns it survives a power cut. */
  set(next: Desired): void {
    this.#store.write({ desired: next, stopped: false })
    this.#current = next
    this.#stopped = false
  }

  /** Nothing is wanted for now; what was wanted is kept for the next `apply` to compare with. */
  stop(): void {
    this.#store.write({ stopped: true })
    this.#stopped = true
  }
}
