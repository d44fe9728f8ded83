import type { Decision } from '../verdict/index.ts'
import { describe } from './instruction.ts'
import { runHooks } from './perform/hooks.ts'
import { perform } from './perform/perform.ts'
import { undo } from './perform/undo.ts'
import type { ReleasePorts } from './ports.ts'
import { isOver, type ReleaseState } from './release-state.ts'
import { type ReleaseEvent, transition } from './transitions.ts'

/** What somebody who watches a release sees. */
export type ReleaseSight =
  | { readonly kind: 'state'; readonly state: ReleaseState }
  | { readonly kind: 'doing'; readonly release: string; readonly at: number; readonly text: string }
  | { readonly kind: 'decision'; readonly release: string; readonly decision: Decision }

/** Something in the release's hand at the moment: what it is done for, and how to end it. */
interface Hand {
  readonly key: string
  readonly abort: AbortController
  readonly ended: Promise<void>
}

/** What a state wants done; another key means that what is in hand must end first. */
function keyOf(state: ReleaseState): string {
  const { phase, at } = state
  const instruction = state.program[at]
  const follows =
    instruction?.kind === 'together' ||
    instruction?.kind === 'judge' ||
    instruction?.kind === 'watch' ||
    instruction?.kind === 'keep-warm'
  switch (phase.kind) {
    case 'running':
      return `do ${at} ${instruction?.kind === 'approval' ? state.approvals.length : ''} ${state.skipped ? 'skip' : ''}`
    case 'holding':
      // Harm is looked for while a release is held, too; a hold by the verdict goes on with the same watch.
      return !follows ? 'idle' : phase.by === 'verdict' ? `do ${at}  ${state.skipped ? 'skip' : ''}` : `hold ${at}`
    case 'rolling-back':
      return 'undo'
    case 'frozen':
    case 'stuck':
    case 'completed':
    case 'rolled-back':
      return 'idle'
  }
}

/**
 * Drives one release: does what its state wants, one thing at a time, and writes down every change before anything follows
 * from it. Give it the state from the journal after a kill and it goes on.
 */
export class ReleaseRunner implements AsyncDisposable {
  readonly #ports: ReleasePorts
  readonly #show: (sight: ReleaseSight) => void
  readonly #over = Promise.withResolvers<ReleaseState>()
  #state: ReleaseState
  #hand: Hand | undefined
  #turn: Promise<unknown> = Promise.resolve()
  #stopped = false
  #extendMs = 0

  constructor(ports: ReleasePorts, state: ReleaseState, show: (sight: ReleaseSight) => void = () => undefined) {
    this.#ports = ports
    this.#state = state
    this.#show = show
  }

  get state(): ReleaseState {
    return this.#state
  }

  /** Resolves when nothing more can happen. */
  get over(): Promise<ReleaseState> {
    return this.#over.promise
  }

  /** Begins, or goes on where the journal stands. */
  start(): void {
    this.#follow()
  }

  /** Stops driving without changing anything: the next runner goes on. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#turn
    await this.#letGo()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  /** Says something to the release. False when it means nothing where the release stands; true once it is written down. */
  tell(event: ReleaseEvent): Promise<boolean> {
    const told = this.#turn.then(() => this.#take(event))
    this.#turn = told.catch(() => undefined)
    return told
  }

  async #take(event: ReleaseEvent): Promise<boolean> {
    if (this.#stopped) return false
    const next = transition(this.#state, event, this.#ports.now())
    if (!next) return false
    await this.#ports.journal.save(next)
    if (event.kind === 'resume') this.#extendMs = this.#state.rule?.steps[0]?.deadlineMs ?? 0
    this.#state = next
    this.#show({ kind: 'state', state: next })
    this.#follow()
    return true
  }

  /** Brings what is in hand in line with the state. */
  #follow(): void {
    if (isOver(this.#state.phase)) this.#over.resolve(this.#state)
    const key = keyOf(this.#state)
    if (this.#stopped || this.#hand?.key === key) return
    const before = this.#letGo()
    if (key === 'idle') return
    const abort = new AbortController()
    const state = this.#state
    const ended = before.then(async () => {
      const event = await this.#work(state, abort.signal).catch((error: Error): ReleaseEvent | undefined => {
        if (abort.signal.aborted) return undefined
        return state.phase.kind === 'rolling-back'
          ? { kind: 'undo-failed', reason: error.message }
          : { kind: 'failed', reason: error.message }
      })
      if (event && !abort.signal.aborted) void this.tell(event)
    })
    this.#hand = { key, abort, ended }
  }

  async #letGo(): Promise<void> {
    const hand = this.#hand
    this.#hand = undefined
    hand?.abort.abort(new Error('the release was told something else'))
    await hand?.ended
  }

  async #work(state: ReleaseState, signal: AbortSignal): Promise<ReleaseEvent | undefined> {
    signal.throwIfAborted()
    const service = state.spec
    if (state.phase.kind === 'rolling-back') {
      await undo(this.#ports, state, signal)
      await runHooks(this.#ports, state, service, 'after-rollback', undefined, signal)
      return { kind: 'undone' }
    }
    const instruction = state.program[state.at]
    if (!instruction) return undefined
    this.#show({ kind: 'doing', release: state.id, at: state.at, text: describe(instruction) })
    const extendMs = this.#extendMs
    this.#extendMs = 0
    return perform(state, instruction, {
      ports: this.#ports,
      service,
      signal,
      extendMs,
      say: (event) => void this.tell(event),
      show: (decision) => this.#show({ kind: 'decision', release: state.id, decision }),
    })
  }
}
