import type { ControllerClient } from '@seaworthy/engine'
import { type Fleet, Problem } from '@seaworthy/model'
import type { FleetReleaseState, ReleaseRequest } from '@seaworthy/release'
import { type Arguments, flagOption, textOption } from '../command.ts'
import { exitCode } from '../exit-code.ts'
import type { Io } from '../io.ts'
import { followGroup } from './group.ts'

/** Running services whose catalog differs in what they are started from. */
export async function changedServices(client: ControllerClient, fleet: Fleet): Promise<readonly string[]> {
  const { actions } = await client.plan(fleet)
  return actions.flatMap((action) => (action.kind === 'replace-service' ? [action.service] : []))
}

/** What replaces the catalog's command, image or variables is said of one service. Throws SW9001. */
export function refuseOverrides(args: Arguments, services: readonly string[]): void {
  const given = ['set', 'run', 'image'].filter((name) => args.values[name] !== undefined)
  if (given.length === 0) return
  throw new Problem({
    code: 'SW9001',
    message: `--${given[0]} is for one service, not for ${services.join(', ')}`,
    hint: 'Change the catalog, or release them one by one.',
  })
}

/** Begins a release of several services together, prints its plan and follows it. Returns the exit code. */
export async function beginGroup(
  client: ControllerClient,
  fleet: Fleet,
  members: readonly ReleaseRequest[],
  args: Arguments,
  io: Io,
): Promise<number> {
  const onHarm = textOption(args, 'on-harm') ?? 'abort'
  if (onHarm !== 'hold' && onHarm !== 'abort') {
    throw new Problem({ code: 'SW9001', message: `--on-harm is hold or abort, not ${onHarm}`, hint: '--on-harm hold' })
  }
  const json = flagOption(args, 'json')
  const request = { members, onHarm }
  const state = await client.call<FleetReleaseState>('POST', '/v1/fleet-releases', { fleet, request })
  if (json) io.out(JSON.stringify({ kind: 'fleet', state }))
  else for (const line of [state.id, ...state.plan]) io.out(line)
  return flagOption(args, 'detach') ? exitCode.done : followGroup(client, state.id, io, json)
}
