import { type ControllerClient, connectController, type VersionOverrides } from '@seaworthy/engine'
import { Problem } from '@seaworthy/model'
import {
  type FleetReleaseState,
  type ReleaseRequest,
  type ReleaseState,
  type VerdictEvidence,
  verifyEvidence,
} from '@seaworthy/release'
import { type Arguments, type Command, catalogOptions, flagOption, textOption } from '../command.ts'
import { exitCode } from '../exit-code.ts'
import { fleetMeant, openCatalog } from '../fleet/open-catalog.ts'
import { stateDirectory } from '../fleet/state-directory.ts'
import type { Io } from '../io.ts'
import { beginGroup, changedServices, refuseOverrides } from '../release/begin-group.ts'
import { followInTerminal } from '../release/follow.ts'
import { groupTable, groupVerb, isGroup } from '../release/group.ts'
import { releaseTable } from '../release/release-table.ts'

const verbs = ['hold', 'resume', 'promote', 'approve', 'abort', 'rollback', 'retry'] as const
type VerbName = (typeof verbs)[number]

export const command: Command = {
  name: 'release',
  summary: 'brings a new version of a service to users, step by step, behind a verdict',
  usage: `seaworthy release <service>[,<service>...] [--canary | --blue-green | --rolling] [--version NAME] [--set KEY=VALUE]
  seaworthy release --all-changed [--on-harm hold|abort]
  seaworthy release list | status NAME | follow NAME | replay NAME
  seaworthy release hold | resume | promote | approve | abort | rollback | retry NAME`,
  example: `$ seaworthy release api --canary --version v2
canary: 2 replicas, steps 10 % → 50 % → 100 %
At 200 requests/s: at most 1 % of harmless releases are rolled back, ...
1/12 hooks before-release
3/12 start 1 of the new version
...
completed`,
  options: {
    ...catalogOptions,
    canary: { type: 'boolean', help: 'step by step, compared at every step' },
    'blue-green': { type: 'boolean', help: 'all at once, after tests; the old version stays warm' },
    rolling: { type: 'boolean', help: 'replica by replica' },
    version: { type: 'string', value: 'NAME', help: 'name of the new version; the time when absent' },
    set: { type: 'string', value: 'KEY=VALUE', multiple: true, help: 'variable of the new version; may be repeated' },
    run: { type: 'string', value: 'COMMAND', help: 'command of the new version' },
    image: { type: 'string', value: 'IMAGE', help: 'image of the new version' },
    reason: { type: 'string', value: 'TEXT', help: 'why, for hold, abort and promote' },
    'skip-verdict': { type: 'boolean', help: 'with promote: go on without a verdict; needs --reason' },
    by: { type: 'string', value: 'PERSON', help: 'who approves' },
    'all-changed': { type: 'boolean', help: 'every running service that differs from the catalog, together' },
    'on-harm': {
      type: 'string',
      value: 'WHAT',
      help: 'of several services: hold, or abort, which takes all back; abort unless given',
    },
    detach: { type: 'boolean', short: 'd', help: 'return once it has begun' },
  },
  positionals: 2,
  run,
}

async function run(args: Arguments, io: Io): Promise<number> {
  const [first, second] = args.positionals
  const allChanged = flagOption(args, 'all-changed')
  if (first === undefined && !allChanged) {
    throw new Problem({
      code: 'SW9001',
      message: 'say which service to release',
      hint: 'seaworthy release <service>, or seaworthy release list',
    })
  }
  if (first === undefined) return begin(undefined, args, io)
  if (
    first === 'list' ||
    first === 'status' ||
    first === 'follow' ||
    first === 'replay' ||
    verbs.includes(first as VerbName)
  ) {
    const { folder, environment } = await fleetMeant(args, io)
    const client = await connectController(stateDirectory(folder, environment))
    return verb(client, first as VerbName | 'list' | 'status' | 'follow' | 'replay', second, args, io)
  }
  return begin(first, args, io)
}

/** Begins a release of one service, of several (a comma between them), or of everything that changed. */
async function begin(named: string | undefined, args: Arguments, io: Io): Promise<number> {
  const catalog = await openCatalog({ ...args, positionals: [] }, io)
  if (typeof catalog === 'number') return catalog
  const client = await connectController(stateDirectory(catalog.folder, catalog.environment))
  const strategy = (['canary', 'blue-green', 'rolling'] as const).find((name) => flagOption(args, name))
  const version = textOption(args, 'version') ?? versionNow()
  const requestFor = (service: string): ReleaseRequest => ({
    service,
    version,
    overrides: overridesOf(args),
    ...(strategy && { strategy }),
  })
  const services = named === undefined ? await changedServices(client, catalog.fleet) : named.split(',')
  if (services.length === 0) {
    io.err('nothing that runs differs from the catalog')
    return exitCode.done
  }
  const [service, ...others] = services
  if (service === undefined || others.length > 0) {
    refuseOverrides(args, services)
    return beginGroup(client, catalog.fleet, services.map(requestFor), args, io)
  }
  const request = requestFor(service)
  const state = await client.call<ReleaseState>('POST', '/v1/releases', { fleet: catalog.fleet, request })
  const json = flagOption(args, 'json')
  if (json) io.out(JSON.stringify({ kind: 'state', state }))
  else for (const line of [`${state.id}: ${state.from} → ${state.to}`, ...state.plan]) io.out(line)
  if (flagOption(args, 'detach')) return exitCode.done
  return outcome(await followInTerminal(client, state.id, io, json), io, json)
}

/** A name for a version that nobody named: the moment, in UTC. */
function versionNow(): string {
  return `r${new Date()
    .toISOString()
    .replace(/[-:]|\..*/g, '')
    .replace('T', '-')}`
}

function overridesOf(args: Arguments): VersionOverrides {
  const given = args.values.set
  const pairs = (Array.isArray(given) ? given : given === undefined ? [] : [given]).map((pair) => {
    const [key, ...rest] = String(pair).split('=')
    if (!key || rest.length === 0)
      throw new Problem({
        code: 'SW9001',
        message: `--set ${String(pair)} is no KEY=VALUE`,
        hint: 'Write it as --set LEVEL=debug.',
      })
    return [key, rest.join('=')] as const
  })
  const command = textOption(args, 'run')
  const image = textOption(args, 'image')
  return {
    ...(pairs.length > 0 && { env: Object.fromEntries(pairs) }),
    ...(command !== undefined && { run: command }),
    ...(image !== undefined && { image }),
  }
}

/** 0 completed, 1 taken back or not over. */
function outcome(state: ReleaseState | undefined, io: Io, json: boolean): number {
  if (state?.phase.kind === 'completed') return exitCode.done
  if (state && !json && state.phase.kind === 'holding')
    io.err(`held; \`seaworthy release resume ${state.id}\`, promote or abort`)
  return exitCode.no
}

async function verb(
  client: ControllerClient,
  what: VerbName | 'list' | 'status' | 'follow' | 'replay',
  name: string | undefined,
  args: Arguments,
  io: Io,
): Promise<number> {
  const json = flagOption(args, 'json')
  if (what === 'list') {
    const groups = await client.call<readonly FleetReleaseState[]>('GET', '/v1/fleet-releases')
    const all = await client.call<readonly ReleaseState[]>('GET', '/v1/releases')
    for (const line of json ? all.map((state) => JSON.stringify(state)) : releaseTable(all, io)) io.out(line)
    if (groups.length > 0)
      for (const line of json ? groups.map((state) => JSON.stringify(state)) : ['', ...groupTable(groups, io)])
        io.out(line)
    return exitCode.done
  }
  if (name === undefined)
    throw new Problem({
      code: 'SW9001',
      message: `say which release to ${what}`,
      hint: 'Its id or its service; `seaworthy release list` shows them.',
    })
  if (await isGroup(client, name))
    return groupVerb(client, what, name, { reason: textOption(args, 'reason'), json }, io)
  const path = `/v1/releases/${encodeURIComponent(name)}`
  switch (what) {
    case 'status': {
      const state = await client.call<ReleaseState>('GET', path)
      if (json) io.out(JSON.stringify(state))
      else
        for (const line of [
          ...releaseTable([state], io),
          '',
          ...state.plan,
          '',
          ...state.history.map((entry) => `${new Date(entry.at).toISOString()}  ${entry.text}`),
        ])
          io.out(line)
      return exitCode.done
    }
    case 'follow':
      return outcome(await followInTerminal(client, name, io, json), io, json)
    case 'replay':
      return replay(client, path, io, json)
    case 'promote':
      if (!flagOption(args, 'skip-verdict') || !textOption(args, 'reason')) {
        throw new Problem({
          code: 'SW9001',
          message: 'promoting goes on without a verdict',
          hint: 'Say so, and why: --skip-verdict --reason "..."; the reason stays on record.',
        })
      }
      break
    case 'approve':
      if (!textOption(args, 'by')) throw new Problem({ code: 'SW9003', message: 'say who approves', hint: '--by NAME' })
      break
    default:
      break
  }
  const reason = textOption(args, 'reason')
  const by = textOption(args, 'by')
  const state = await client.call<ReleaseState>('POST', `${path}/${what}`, {
    ...(reason && { reason }),
    ...(by && { by }),
  })
  if (json) io.out(JSON.stringify(state))
  else io.out(`${state.id} is ${state.phase.kind}${'reason' in state.phase ? `: ${state.phase.reason}` : ''}`)
  return exitCode.done
}

/** Decides the stored counts again; a decision that differs by a byte is a Problem. */
async function replay(client: ControllerClient, path: string, io: Io, json: boolean): Promise<number> {
  const evidence = await client.call<VerdictEvidence | Record<string, never>>('GET', `${path}/evidence`)
  if (!('rule' in evidence)) {
    io.err('this release compared nothing, so there is nothing to replay')
    return exitCode.no
  }
  verifyEvidence(evidence as VerdictEvidence)
  const { decisions } = evidence as VerdictEvidence
  if (json) for (const decision of decisions) io.out(JSON.stringify(decision))
  else
    for (const decision of decisions.filter(
      (each, i) => each.kind !== decisions[i - 1]?.kind || i === decisions.length - 1,
    ))
      io.out(`${new Date(decision.at).toISOString()}  ${decision.kind}: ${decision.sentence}`)
  io.err(`${decisions.length} decisions, the same again, byte for byte`)
  return exitCode.done
}
