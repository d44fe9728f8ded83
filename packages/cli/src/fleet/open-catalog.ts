import { environmentsOf, type Fleet, type LoadedFleet, loadFleet, Problem, resolve } from '@seaworthy/model'
import { environmentFor, refuseBroken } from '../catalog.ts'
import { type Arguments, flagOption, textOption } from '../command.ts'
import type { Io } from '../io.ts'

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
