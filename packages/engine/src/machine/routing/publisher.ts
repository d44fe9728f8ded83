import type { CounterPage, EndpointLoad, GatewaySnapshot } from '@seaworthy/gateway'
import type { Clock } from '../ports.ts'

/** The gateway as the publisher sees it. */
export interface GatewayLink {
  /** Starts the gateway, or connects to the one that runs. Resolves with the version that it serves. */
  open(snapshot: GatewaySnapshot): Promise<number>
  /** Resolves when every worker serves the snapshot. */
  apply(snapshot: GatewaySnapshot): Promise<void>
  status(): Promise<GatewayView>
  counters(): Promise<readonly CounterPage[]>
  /** Lets what is in flight finish for up to `graceMs`, then ends the gateway. */
  stop(graceMs: number): Promise<void>
}

/** What the gateway says of itself. */
export interface GatewayView {
  readonly ready: boolean
  readonly snapshotVersion: number
  readonly listeners: readonly { readonly name: string; readonly host: string; readonly port: number }[]
  readonly endpoints: readonly EndpointLoad[]
}

/** ms until the next try after a failure, doubled up to the longest. */
const firstRetry = 50
const longestRetry = 2000

/**
 * Keeps the gateway on the newest snapshot: one update at a time, whatever was asked for meanwhile goes into the next.
 * A gateway that died is started anew.
 */
export class Publisher implements Disposable {
  readonly #link: GatewayLink
  readonly #clock: Clock
  readonly #make: (version: number) => GatewaySnapshot
  readonly #inForce: (rotation: number, snapshot: GatewaySnapshot) => void
  #wanted = 0
  #done = 0
  #open = false
  #version: number
  #busy = false
  #working: Promise<void> = Promise.resolve()
  #closed = false
  /** Why the gateway does not follow; absent while it does. */
  trouble: unknown

  constructor(
    link: GatewayLink,
    clock: Clock,
    /** Last version that an earlier controller used. */
    version: number,
    make: (version: number) => GatewaySnapshot,
    inForce: (rotation: number, snapshot: GatewaySnapshot) => void,
  ) {
    this.#link = link
    this.#clock = clock
    this.#version = version
    this.#make = make
    this.#inForce = inForce
  }

  /** The version that was last brought in force. */
  get version(): number {
    return this.#version
  }

  /** Whether there is a gateway that follows. */
  get isOpen(): boolean {
    return this.#open
  }

  /** Brings the gateway to this rotation or a newer one. */
  want(rotation: number): void {
    this.#wanted = Math.max(this.#wanted, rotation)
    if (!this.#busy) this.#working = this.#work()
  }

  /** Makes sure that the gateway still answers; starts it anew when it does not. */
  async check(): Promise<void> {
    if (this.#busy || this.#closed || !this.#open) return
    try {
      await this.#link.status()
    } catch {
      this.#open = false
      this.#done = 0
      if (this.#wanted > 0) this.want(this.#wanted)
    }
  }

  async #work(): Promise<void> {
    this.#busy = true
    let pause = firstRetry
    while (!this.#closed && this.#done < this.#wanted) {
      const rotation = this.#wanted
      try {
        await this.#publish(rotation)
        this.trouble = undefined
        pause = firstRetry
      } catch (error) {
        this.trouble = error
        this.#open = false
        await new Promise<void>((resolve) => void this.#clock.after(pause, resolve))
        pause = Math.min(pause * 2, longestRetry)
      }
    }
    this.#busy = false
  }

  async #publish(rotation: number): Promise<void> {
    if (!this.#open) {
      const snapshot = this.#make(this.#version + 1)
      const served = await this.#link.open(snapshot)
      this.#open = true
      this.#version = Math.max(this.#version, served)
      if (served === snapshot.version) {
        this.#done = rotation
        this.#inForce(rotation, snapshot)
        return
      }
    }
    const snapshot = this.#make(this.#version + 1)
    await this.#link.apply(snapshot)
    this.#version = snapshot.version
    this.#done = rotation
    this.#inForce(rotation, snapshot)
  }

  /** Lets go of the gateway, once what is under way has ended: nothing starts another behind the caller's back. The next rotation opens it anew. */
  async release(): Promise<void> {
    this.#wanted = 0
    this.#done = 0
    await this.#working
    this.#open = false
  }

  [Symbol.dispose](): void {
    this.#closed = true
  }
}
