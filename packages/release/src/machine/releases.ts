import { cronTimes, type Fleet, Problem, readCron } from '@seaworthy/model'
import { type Account, accountFor, replay, type VerdictEvidence } from '../verdict/index.ts'
import { beginRelease, type ReleaseRequest } from './begin.ts'
import type { ReleasePorts } from './ports.ts'
import { isOver, previousIsThere, type ReleaseState } from './release-state.ts'
import { ReleaseRunner, type ReleaseSight } from './runner.ts'
import type { ReleaseEvent } from './transitions.ts'

/** The verbs that people have for a release. */
export type Verb =
  | { readonly verb: 'hold'; readonly reason?: string }
  | { readonly verb: 'resume' }
  | { readonly verb: 'promote'; readonly reason: string }
  | { readonly verb: 'approve'; readonly by: string }
  | { readonly verb: 'abort'; readonly reason?: string }
  | { readonly verb: 'rollback'; readonly reason?: string }
  | { readonly verb: 'retry' }

function eventOf(verb: Verb): ReleaseEvent {
  switch (verb.verb) {
    case 'hold':
      return { kind: 'hold', reason: verb.reason ?? 'held by a person' }
    case 'resume':
      return { kind: 'resume' }
    case 'promote':
      return { kind: 'promote', reason: verb.reason }
    case 'approve':
      return { kind: 'approve', by: verb.by }
    case 'abort':
      return { kind: 'abort', reason: verb.reason ?? 'aborted by a person' }
    case 'rollback':
      return { kind: 'abort', reason: verb.reason ?? 'rolled back by a person' }
    case 'retry':
      return { kind: 'retry' }
  }
}

/** All releases of a fleet: begins them, goes on with them after a restart, and passes on what people say. */
export class Releases implements AsyncDisposable {
  readonly #ports: ReleasePorts
  readonly #runners = new Map<string, ReleaseRunner>()
  readonly #watchers = new Set<(sight: ReleaseSight) => void>()

  constructor(ports: ReleasePorts) {
    this.#ports = ports
  }

  /** Goes on with every release that the journal holds unfinished. Returns them. */
  async start(): Promise<readonly ReleaseState[]> {
    const open = (await this.#ports.journal.list()).filter((state) => !isOver(state.phase))
    for (const state of open) this.#drive(state)
    return open
  }

  /** Begins a release and returns its state, written down; the plan stands in it before anything is done. Throws as `beginRelease`, SW7005 when one is under way, SW7006 in a freeze. */
  async begin(request: ReleaseRequest, fleet: Fleet, group?: string): Promise<ReleaseState> {
    const underway = (await this.#ports.journal.list()).find(
      (state) => state.service === request.service && !isOver(state.phase),
    )
    if (underway) {
      throw new Problem({
        code: 'SW7005',
        message: `${request.service} is being released already: ${underway.id} is ${underway.phase.kind}.`,
        hint: `Wait for it, or end it with \`seaworthy release abort ${underway.id}\`.`,
      })
    }
    this.#refuseInFreeze(fleet)
    const { engine, now, nonce } = this.#ports
    const state = beginRelease(request, fleet, await engine.state(), now(), nonce(), group)
    await this.#ports.journal.save(state)
    this.#drive(state)
    return state
  }

  /** What happens to releases from now on; call the result to stop listening. */
  watch(listener: (sight: ReleaseSight) => void): () => void {
    this.#watchers.add(listener)
    return () => void this.#watchers.delete(listener)
  }

  list(): Promise<readonly ReleaseState[]> {
    return this.#ports.journal.list()
  }

  /** A release by its id, or the newest of a service by the service's name. Throws SW7007. */
  async find(name: string): Promise<ReleaseState> {
    const all = await this.#ports.journal.list()
    const found = all.find((state) => state.id === name) ?? all.findLast((state) => state.service === name)
    if (found) return this.#runners.get(found.id)?.state ?? found
    throw new Problem({
      code: 'SW7007',
      message: `There is no release "${name}".`,
      hint: 'List them with `seaworthy release list`.',
    })
  }

  /** Says a verb to a release. Throws SW7008 when it means nothing where the release stands, SW7009 for an approver who may not. */
  async say(name: string, verb: Verb): Promise<ReleaseState> {
    const state = await this.find(name)
    const runner = this.#runners.get(state.id)
    if (verb.verb === 'approve') mayApprove(state, verb.by)
    const taken = runner ? await runner.tell(eventOf(verb)) : false
    if (!taken || !runner) {
      const gone = isOver(state.phase) || !previousIsThere(state)
      throw new Problem({
        code: 'SW7008',
        message: `${state.id} is ${state.phase.kind}: it can’t be told to ${verb.verb}.`,
        hint: gone
          ? 'Release the version that you want instead.'
          : 'See where it stands with `seaworthy release status`.',
      })
    }
    return runner.state
  }

  /** Passes an event on to a release under way. False when it means nothing where the release stands; true once it is written down. */
  async tell(id: string, event: ReleaseEvent): Promise<boolean> {
    return (await this.#runners.get(id)?.tell(event)) ?? false
  }

  /** Resolves when a release is over. */
  async finished(id: string): Promise<ReleaseState> {
    const runner = this.#runners.get(id)
    return runner ? runner.over : this.find(id)
  }

  /** Everything that the verdict of a release was decided from, to be replayed. */
  async evidence(name: string): Promise<VerdictEvidence | undefined> {
    const state = await this.find(name)
    if (!state.rule) return undefined
    const stored = await this.#ports.journal.entries(state.id)
    return {
      kind: 'verdict-evidence',
      version: 1,
      rule: state.rule,
      entries: stored.map(({ entry }) => entry),
      decisions: stored.flatMap(({ decision }) => decision ?? []),
    }
  }

  /** What was seen and what could have been seen. */
  async account(name: string): Promise<Account | undefined> {
    const evidence = await this.evidence(name)
    return evidence && accountFor(replay(evidence.rule, evidence.entries).state)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#runners.values()].map((runner) => runner.stop()))
  }

  #drive(state: ReleaseState): void {
    const runner = new ReleaseRunner(this.#ports, state, (sight) => {
      for (const listener of this.#watchers) listener(sight)
    })
    this.#runners.set(state.id, runner)
    runner.start()
  }

  #refuseInFreeze(fleet: Fleet): void {
    const now = this.#ports.now()
    for (const freeze of fleet.environment.freezes) {
      const cron = readCron(freeze.cron)
      const begun = cron.ok
        ? [...cronTimes(cron.value, now - freeze.for, freeze.for)].findLast((at) => at <= now)
        : undefined
      if (begun === undefined) continue
      throw new Problem({
        code: 'SW7006',
        message: `Releases are frozen until ${new Date(begun + freeze.for).toISOString()}: ${freeze.reason}.`,
        hint: 'Wait, or change the freeze in the catalog.',
      })
    }
  }
}

function mayApprove(state: ReleaseState, by: string): void {
  const present = state.program[state.at]
  if (present?.kind !== 'approval' || present.approval.by.includes(by)) return
  throw new Problem({
    code: 'SW7009',
    message: `${by} may not approve ${state.id}.`,
    hint: `Those who may: ${present.approval.by.join(', ')}.`,
  })
}
