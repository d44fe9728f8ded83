import { type Fleet, Problem } from '@seaworthy/model'
import { beginRelease } from '../machine/begin.ts'
import type { ReleasePorts } from '../machine/ports.ts'
import { isOver, type ReleaseState } from '../machine/release-state.ts'
import type { Releases } from '../machine/releases.ts'
import type { FleetJournal } from './fleet-journal.ts'
import { type FleetReleaseRequest, type FleetReleaseState, isFleetOver } from './fleet-state.ts'
import { type FleetEvent, fleetTransition } from './fleet-transitions.ts'
import { nextWish, type Wish } from './next-wish.ts'
import { checkedWaves, wavesByNeeds } from './waves.ts'

/** The verbs that people have for a fleet release. */
export type FleetVerb = 'hold' | 'resume' | 'abort' | 'retry'

/** All fleet releases: begins them, drives their members through `Releases`, and goes on after a restart. */
export class FleetReleases implements AsyncDisposable {
  readonly #ports: Pick<ReleasePorts, 'engine' | 'now' | 'nonce'>
  readonly #releases: Releases
  readonly #journal: FleetJournal
  readonly #watchers = new Set<(state: FleetReleaseState) => void>()
  readonly #unwatch: () => void
  readonly #open = new Map<string, FleetReleaseState>()
  #turn: Promise<unknown> = Promise.resolve()
  #stopped = false

  constructor(ports: Pick<ReleasePorts, 'engine' | 'now' | 'nonce'>, releases: Releases, journal: FleetJournal) {
    this.#ports = ports
    this.#releases = releases
    this.#journal = journal
    this.#unwatch = releases.watch((sight) => {
      if (sight.kind === 'state' && sight.state.group !== undefined)
        void this.#inTurn(() => this.#drive(sight.state.group))
    })
  }

  /** Goes on with every fleet release that the journal holds unfinished. Start the members' releases first. */
  async start(): Promise<void> {
    for (const state of await this.#journal.list()) {
      if (isFleetOver(state.phase)) continue
      this.#open.set(state.id, state)
      void this.#inTurn(() => this.#drive(state.id))
    }
  }

  /** Begins a fleet release and returns it, written down with its plan. Throws as `beginRelease`, SW7005 for a member under way, SW7010 bad members or waves. */
  begin(request: FleetReleaseRequest, fleet: Fleet): Promise<FleetReleaseState> {
    return this.#inTurn(async () => {
      const services = request.members.map(({ service }) => service)
      const waves = request.waves ? checkedWaves(services, request.waves) : wavesByNeeds([...new Set(services)], fleet)
      if (services.length === 0 || new Set(services).size < services.length) {
        throw new Problem({
          code: 'SW7010',
          message: 'A fleet release needs members, each once.',
          hint: 'Name every service once.',
        })
      }
      await this.#refuseUnderway(services)
      const at = this.#ports.now()
      const id = `fleet-${this.#ports.nonce()}`
      const seen = await this.#ports.engine.state()
      // Whatever keeps a member from beginning is said before the first one is touched.
      const plans = request.members.map((member) => beginRelease(member, fleet, seen, at, 'plan', id))
      const onHarm = request.onHarm ?? 'abort'
      const state: FleetReleaseState = {
        kind: 'fleet-release',
        id,
        requests: request.members,
        fleet,
        onHarm,
        waves,
        at: 0,
        phase: { kind: 'running' },
        without: [],
        plan: [
          `${services.length} services in ${waves.length} wave${waves.length === 1 ? '' : 's'}: ${waves.map((wave) => wave.join(' and ')).join(', then ')}.`,
          onHarm === 'abort'
            ? 'When one is harmful or fails, all are taken back; previous versions stay warm until the last one has all its traffic.'
            : 'When one is harmful or fails, it goes back and the others are held until a person decides.',
          ...plans.flatMap(({ service, plan }) => plan.map((line) => `${service}: ${line}`)),
        ],
        startedAt: at,
        history: [{ at, text: `began: ${waves.map((wave) => wave.join(' + ')).join(' → ')}` }],
      }
      await this.#save(state)
      void this.#inTurn(() => this.#drive(id))
      return state
    })
  }

  list(): Promise<readonly FleetReleaseState[]> {
    return this.#journal.list()
  }

  /** One of them. Throws SW7007. */
  async find(id: string): Promise<FleetReleaseState> {
    const found = (await this.#journal.list()).find((state) => state.id === id)
    if (found) return found
    throw new Problem({
      code: 'SW7007',
      message: `There is no fleet release "${id}".`,
      hint: 'List them with `seaworthy release list`.',
    })
  }

  /** The newest release of each member that has begun, by service. */
  async members(id: string): Promise<ReadonlyMap<string, ReleaseState>> {
    const all = (await this.#releases.list()).filter(({ group }) => group === id)
    return new Map(all.map((state) => [state.service, state]))
  }

  /** Says a verb. Throws SW7008 when it means nothing where the fleet release stands. */
  say(id: string, verb: FleetVerb, reason?: string): Promise<FleetReleaseState> {
    return this.#inTurn(async () => {
      const state = await this.find(id)
      if (verb === 'retry' && state.phase.kind === 'stuck') {
        for (const member of (await this.members(id)).values())
          if (member.phase.kind === 'stuck') await this.#releases.tell(member.id, { kind: 'retry' })
      }
      const given = reason ?? (verb === 'hold' ? 'held by a person' : 'aborted by a person')
      const event: FleetEvent = verb === 'hold' || verb === 'abort' ? { kind: verb, reason: given } : { kind: verb }
      const next = fleetTransition(state, event, this.#ports.now())
      if (!next) {
        throw new Problem({
          code: 'SW7008',
          message: `${id} is ${state.phase.kind}: it can’t be told to ${verb}.`,
          hint: 'See where it stands with `seaworthy release status`.',
        })
      }
      await this.#save(next)
      void this.#inTurn(() => this.#drive(id))
      return next
    })
  }

  /** Every change of a fleet release from now on; call the result to stop listening. */
  watch(listener: (state: FleetReleaseState) => void): () => void {
    this.#watchers.add(listener)
    return () => void this.#watchers.delete(listener)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    this.#unwatch()
    await this.#turn
  }

  async #refuseUnderway(services: readonly string[]): Promise<void> {
    const underway = (await this.#releases.list()).find(
      ({ service, phase }) => services.includes(service) && !isOver(phase),
    )
    const planned = [...this.#open.values()].find(({ requests }) =>
      requests.some(({ service }) => services.includes(service)),
    )
    if (!underway && !planned) return
    throw new Problem({
      code: 'SW7005',
      message: `${underway?.service ?? 'A member'} is being released already: ${underway?.id ?? planned?.id}.`,
      hint: 'Wait for it, or abort it.',
    })
  }

  /** Does what is wanted until nothing is, one thing at a time. */
  async #drive(id: string | undefined): Promise<void> {
    while (!this.#stopped && id !== undefined) {
      const state = this.#open.get(id)
      const wish = state && nextWish(state, await this.members(id))
      if (!state || !wish || !(await this.#grant(state, wish))) return
    }
  }

  /** False when the world has moved on meanwhile: its own change calls again. */
  async #grant(state: FleetReleaseState, wish: Wish): Promise<boolean> {
    switch (wish.kind) {
      case 'tell':
        return this.#releases.tell(wish.release, wish.event)
      case 'begin':
        return this.#beginMember(state, wish.service)
      case 'happen':
        return this.#happen(state, wish.event)
      default:
        return wish satisfies never
    }
  }

  async #beginMember(state: FleetReleaseState, service: string): Promise<boolean> {
    const request = state.requests.find((each) => each.service === service)
    if (!request) return false
    try {
      await this.#releases.begin(request, state.fleet, state.id)
      return true
    } catch (error) {
      return this.#happen(state, { kind: 'member-refused', service, reason: (error as Error).message })
    }
  }

  async #happen(state: FleetReleaseState, event: FleetEvent): Promise<boolean> {
    const next = fleetTransition(state, event, this.#ports.now())
    if (next) await this.#save(next)
    return next !== undefined
  }

  async #save(state: FleetReleaseState): Promise<void> {
    await this.#journal.save(state)
    if (isFleetOver(state.phase)) this.#open.delete(state.id)
    else this.#open.set(state.id, state)
    for (const listener of this.#watchers) listener(state)
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => undefined)
    return done
  }
}
