import { type LoadedFleet, nearest, Problem } from '@seaworthy/model'
import { exitCode } from './exit-code.ts'
import type { Io } from './io.ts'
import { problemLines, sourceLines } from './print-problem.ts'

/**
 * The environment meant: the one asked for, the only one, or `development`. Throws SW1011 when it is not there or
 * cannot be told.
 */
export function environmentFor(names: readonly string[], asked: string | undefined): string {
  const meant = asked ?? (names.length === 1 ? names[0] : names.includes('development') ? 'development' : undefined)
  if (meant !== undefined && names.includes(meant)) return meant
  const near = meant === undefined ? undefined : nearest(meant, names)
  throw new Problem({
    code: 'SW1011',
    message:
      meant === undefined
        ? `the fleet has several environments: ${names.join(', ')}`
        : `the fleet has no environment \`${meant}\`; it has ${names.join(', ')}`,
    hint: `write --env ${near ?? names[0] ?? 'development'}`,
  })
}

/** Prints everything that is wrong with a catalog and returns the exit code for it. */
export function refuseBroken(loaded: LoadedFleet, io: Io, json: boolean): number {
  if (json) io.out(JSON.stringify({ problems: loaded.problems }))
  else {
    const sources = sourceLines(io.cwd)
    for (const problem of loaded.problems) for (const line of problemLines(problem, io, { sources })) io.err(line)
    io.err(`${loaded.problems.length} ${loaded.problems.length === 1 ? 'problem' : 'problems'} in the catalog`)
  }
  return exitCode.problem
}
