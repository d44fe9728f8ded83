import {
  check,
  environmentsOf,
  type Fleet,
  type LoadedFleet,
  loadFleet,
  Problem,
  type ProblemDetails,
  resolve,
} from '@seaworthy/model'
import { environmentFor, refuseBroken } from '../catalog.ts'
import { type Arguments, flagOption, textOption } from '../command.ts'
import { exitCode } from '../exit-code.ts'
import type { Io } from '../io.ts'
import { problemLines, sourceLines } from '../print-problem.ts'

/** A catalog that may be run, in one environment. */
export interface OpenCatalog {
  readonly loaded: LoadedFleet
  readonly environment: string
  readonly fleet: Fleet
  /** Directory that relative paths begin at. */
  readonly folder: string
}

/** Reads and checks the catalog that a command line means; prints what is wrong and returns the exit code for it. */
export async function openCatalog(args: Arguments, io: Io): Promise<OpenCatalog | number> {
  const json = flagOption(args, 'json')
  const loaded = await loadFleet(args.positionals[0] ?? textOption(args, 'config') ?? io.cwd, { cwd: io.cwd })
  if (loaded.problems.length > 0) return refuseBroken(loaded, io, json)
  const environment = environmentFor(environmentsOf(loaded.document), textOption(args, 'env'))
  const { refusals } = check(loaded, { environment, today: new Date().toISOString().slice(0, 10) })
  if (refusals.length > 0) return refuse(refusals, io, json)
  return {
    loaded,
    environment,
    fleet: resolve(loaded.document, environment),
    folder: loaded.folder,
  }
}

/** The same, for commands that need only know which fleet is meant: problems in it do not matter. */
export async function fleetMeant(
  args: Arguments,
  io: Io,
): Promise<{ readonly folder: string; readonly environment: string }> {
  const loaded = await loadFleet(textOption(args, 'config') ?? io.cwd, { cwd: io.cwd })
  return {
    folder: loaded.folder,
    environment: environmentFor(environmentsOf(loaded.document), textOption(args, 'env')),
  }
}

/** Throws unless the environment's engine is this machine. */
export function requireMachine({ fleet, environment }: OpenCatalog): void {
  if (fleet.environments[environment]?.engine !== 'kubernetes') return
  throw new Problem({
    code: 'SW9003',
    message: `the environment ${environment} runs on Kubernetes, not on this machine`,
    hint: `seaworthy deploy --env ${environment}`,
  })
}

function refuse(refusals: readonly ProblemDetails[], io: Io, json: boolean): number {
  if (json) io.out(JSON.stringify({ problems: refusals }))
  else {
    const sources = sourceLines(io.cwd)
    for (const refusal of refusals) for (const line of problemLines(refusal, io, { sources })) io.err(line)
    io.err(`${refusals.length} ${refusals.length === 1 ? 'refusal' : 'refusals'}: nothing was started`)
  }
  return exitCode.problem
}
