import type { ControllerClient } from '@seaworthy/engine'
import { Problem } from '@seaworthy/model'
import { type FleetReleaseState, type FleetSight, isFleetOver } from '@seaworthy/release'
import { exitCode } from '../exit-code.ts'
import type { Io } from '../io.ts'
import { paint } from '../paint.ts'
import { tableLines } from '../table.ts'

const verbs: readonly string[] = ['hold', 'resume', 'abort', 'retry']

/** Whether a name is that of a release of several services. */
export async function isGroup(client: ControllerClient, name: string): Promise<boolean> {
  if (!name.startsWith('fleet-')) return false
  const all = await client.call<readonly FleetReleaseState[]>('GET', '/v1/fleet-releases')
  return all.some(({ id }) => id === name)
}

/** Follows a release of several services in lines, each member's under its name. Returns the exit code. */
export async function followGroup(client: ControllerClient, id: string, io: Io, json: boolean): Promise<number> {
  const { dim } = paint(io.color)
  let state: FleetReleaseState | undefined
  const path = `/v1/fleet-releases/${encodeURIComponent(id)}/follow`
  for await (const sight of client.events<FleetSight>('GET', path, undefined, io.signal)) {
    if (sight.kind === 'fleet') state = sight.state
    if (json) io.out(JSON.stringify(sight))
    else for (const line of sightLines(sight)) io.out(sight.kind === 'fleet' ? line : dim(line))
  }
  return outcome(state, io, json)
}

function outcome(state: FleetReleaseState | undefined, io: Io, json: boolean): number {
  if (state?.phase.kind === 'completed') return exitCode.done
  if (state && !json && !isFleetOver(state.phase)) io.err(`see \`seaworthy release status ${state.id}\``)
  return exitCode.no
}

function sightLines(seen: FleetSight): readonly string[] {
  if (seen.kind === 'fleet') {
    const entry = seen.state.history.at(-1)
    return entry ? [entry.text] : []
  }
  const { sight, service } = seen
  switch (sight.kind) {
    case 'doing':
      return [`${service}: ${sight.text}`]
    case 'decision':
      return sight.decision.kind === 'continue' || sight.decision.kind === 'warming-up'
        ? []
        : [`${service}: ${sight.decision.sentence}`]
    case 'state': {
      const { phase } = sight.state
      if (phase.kind === 'running') return []
      return [`${service}: ${phase.kind}${'reason' in phase ? `: ${phase.reason}` : ''}`]
    }
    default:
      return sight satisfies never
  }
}

/** Releases of several services as a table. */
export function groupTable(states: readonly FleetReleaseState[], io: Io): readonly string[] {
  const columns = [{ title: 'release' }, { title: 'services' }, { title: 'phase' }, { title: 'wave' }]
  return tableLines(
    columns,
    states.map((state) => [
      state.id,
      state.waves.map((wave) => wave.join(' + ')).join(' → '),
      `${state.phase.kind}${'reason' in state.phase ? `: ${state.phase.reason}` : ''}`,
      `${Math.min(state.at + 1, state.waves.length)}/${state.waves.length}`,
    ]),
    { width: io.columns },
  )
}

/** Does a verb on a release of several services and returns the exit code. */
export async function groupVerb(
  client: ControllerClient,
  verb: string,
  id: string,
  given: { readonly reason: string | undefined; readonly json: boolean },
  io: Io,
): Promise<number> {
  const { json, reason } = given
  const path = `/v1/fleet-releases/${encodeURIComponent(id)}`
  if (verb === 'follow') return followGroup(client, id, io, json)
  if (verb === 'status') {
    const state = await client.call<FleetReleaseState>('GET', path)
    const history = state.history.map(({ at, text }) => `${new Date(at).toISOString()}  ${text}`)
    const lines = [...groupTable([state], io), '', ...state.plan, '', ...history]
    for (const line of json ? [JSON.stringify(state)] : lines) io.out(line)
    return exitCode.done
  }
  if (!verbs.includes(verb)) {
    throw new Problem({
      code: 'SW9001',
      message: `${id} is a release of several services: it knows ${verbs.join(', ')}, status and follow`,
      hint: `Say ${verb} to one of its members.`,
    })
  }
  const state = await client.call<FleetReleaseState>('POST', `${path}/${verb}`, {
    ...(reason !== undefined && { reason }),
  })
  if (json) io.out(JSON.stringify(state))
  else io.out(`${id} is ${state.phase.kind}${'reason' in state.phase ? `: ${state.phase.reason}` : ''}`)
  return exitCode.done
}
