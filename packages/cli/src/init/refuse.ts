import type { ProblemDetails } from '@seaworthy/model'
import { exitCode } from '../exit-code.ts'
import type { Io } from '../io.ts'
import { problemLines, sourceLines } from '../print-problem.ts'

/** Prints why nothing could be read, all of it, and returns the exit code for it. */
export function refuseSources(problems: readonly ProblemDetails[], folder: string, json: boolean, io: Io): number {
  if (json) io.out(JSON.stringify({ problems }))
  else {
    const sources = sourceLines(folder)
    for (const problem of problems) for (const line of problemLines(problem, io, { sources })) io.err(line)
    io.err(`${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}; nothing was written`)
  }
  return exitCode.problem
}
