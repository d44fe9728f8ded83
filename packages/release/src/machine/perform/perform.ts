import { untilReady } from '@seaworthy/engine'
import type { Service } from '@seaworthy/model'
import type { Decision } from '../../verdict/index.ts'
import type { Instruction } from '../instruction.ts'
import type { ReleasePorts } from '../ports.ts'
import type { ReleaseState } from '../release-state.ts'
import type { ReleaseEvent } from '../transitions.ts'
import { dealOf } from './deal.ts'
import { countOf, guardBroken } from './guard.ts'
import { runHooks } from './hooks.ts'
import { smoke } from './smoke.ts'
import { watchVerdict } from './verdict-watch.ts'

/** What performing an instruction needs besides the release. */
export interface Performance {
  readonly ports: ReleasePorts
  readonly service: Service
  readonly signal: AbortSignal
  /** Tells what happens on the way. */
  readonly say: (event: ReleaseEvent) => void
  /** Shows a decision to whoever watches. */
  readonly show: (decision: Decision) => void
  /** ms by which the verdict's deadline is put off, once. */
  readonly extendMs: number
}

const done: ReleaseEvent = { kind: 'done' }

function failed(reason: string): ReleaseEvent {
  return { kind: 'failed', reason }
}

/**
 * Does one instruction and returns what came of it. May be stopped at any point and done again.
 * Throws only what the signal aborts with; a failure of the world comes back as `failed`.
 */
export async function perform(
  state: ReleaseState,
  instruction: Instruction,
  world: Performance,
): Promise<ReleaseEvent> {
  const { ports, signal, service } = world
  const { engine } = ports
  switch (instruction.kind) {
    case 'approval':
      return awaitApproval(state, instruction.approval, world)
    case 'hooks': {
      const fault = await runHooks(ports, state, service, instruction.when, instruction.step, signal)
      return fault === undefined ? done : failed(fault)
    }
    case 'migrate': {
      if (instruction.irreversible && !state.irreversible) world.say({ kind: 'past-return' })
      const outcome = await engine.runJob(instruction.job, `${state.id}-${instruction.stage}`)
      return outcome.kind === 'succeeded' ? done : failed(`migration ${instruction.job} failed: ${outcome.reason}`)
    }
    case 'start':
      await engine.ensureVersion(state.service, {
        version: state.to,
        overrides: state.overrides,
        service: state.spec,
        replicas: instruction.replicas,
      })
      await engine.scaleVersion(state.service, state.to, instruction.replicas)
      await untilReady(engine, { service: state.service, version: state.to, replicas: instruction.replicas, signal })
      return done
    case 'smoke': {
      const fault = await smoke(ports, state, instruction.tests, signal)
      return fault === undefined ? done : failed(fault)
    }
    case 'shift':
      await engine.route(
        state.service,
        instruction.share >= 1
          ? { [state.to]: 1 }
          : { [state.from]: 1 - instruction.share, [state.to]: instruction.share },
        dealOf(state, instruction.share < 1),
      )
      return done
    case 'judge':
      return compare(state, instruction.step, undefined, world)
    case 'watch':
      return compare(state, instruction.step, instruction.forMs, world)
    case 'shrink':
      await engine.scaleVersion(state.service, state.from, instruction.replicas)
      return done
    case 'promote':
      await engine.promote(state.service, state.to)
      return done
    case 'together':
      return keepWarm(state, Number.POSITIVE_INFINITY, world)
    case 'keep-warm':
      return keepWarm(state, instruction.forMs, world)
    case 'retire':
      await engine.removeVersion(state.service, state.from)
      return done
    default:
      return instruction satisfies never
  }
}

async function awaitApproval(
  state: ReleaseState,
  approval: Extract<Instruction, { kind: 'approval' }>['approval'],
  { ports, signal }: Performance,
): Promise<ReleaseEvent> {
  const given = new Set(state.approvals.filter(({ instruction }) => instruction === state.at).map(({ by }) => by))
  if (given.size >= approval.count) return done
  const left = state.since + approval.timeout - ports.now()
  if (left > 0) await ports.sleep(left, signal)
  return failed(`no approval by ${approval.count} of ${approval.by.join(', ')} within ${approval.timeout / 1000} s`)
}

/** Follows the verdict: until it is safe, or for a time; harm goes back either way. */
async function compare(
  state: ReleaseState,
  step: number,
  forMs: number | undefined,
  world: Performance,
): Promise<ReleaseEvent> {
  const { rule } = state
  if (state.skipped || !rule) return done
  const policy = world.service.rollout.onHarm
  let holding = state.phase.kind === 'holding'
  for await (const sighting of watchVerdict(
    world.ports,
    state,
    rule,
    { step, extendMs: world.extendMs },
    world.signal,
  )) {
    world.show(sighting.decision)
    const reason = sighting.decision.sentence
    if (sighting.kind === 'harm') return { kind: 'harm', reason, policy }
    if (forMs !== undefined && world.ports.now() - state.since >= forMs) return done
    if (
      sighting.kind === 'passed' &&
      forMs === undefined &&
      !(holding && state.phase.kind === 'holding' && state.phase.by === 'person')
    )
      return done
    if (sighting.kind === 'hold' && forMs === undefined && !holding) {
      holding = true
      world.say({ kind: 'verdict-hold', reason, recovers: sighting.recovers })
    } else if (sighting.kind !== 'hold' && holding) {
      holding = false
      world.say({ kind: 'verdict-clear' })
    }
  }
  world.signal.throwIfAborted()
  return failed('the counters can’t be watched any more')
}

/** Waits with the previous version ready, for ms or until told, and goes back when the new one, alone, is shown to fail more than it may. */
async function keepWarm(
  state: ReleaseState,
  forMs: number,
  { ports, service, signal }: Performance,
): Promise<ReleaseEvent> {
  const { rollout, slo } = service
  const guard = { limit: slo?.errors, ratio: rollout.verdict.slip, alpha: rollout.verdict.alpha }
  // Promoted without a verdict: nobody waits any longer.
  while ((!state.skipped || forMs === Number.POSITIVE_INFINITY) && ports.now() - state.since < forMs) {
    await ports.sleep(Math.min(ports.pollMs, forMs), signal)
    const pages = await ports.engine.counters().catch(() => [])
    const broken = guardBroken(
      countOf(pages, state.service, state.from),
      countOf(pages, state.service, state.to),
      guard,
    )
    if (broken !== undefined) return { kind: 'harm', reason: broken, policy: rollout.onHarm }
  }
  return done
}
