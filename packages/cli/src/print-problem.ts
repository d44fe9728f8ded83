import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ProblemDetails } from '@seaworthy/model'
import type { Io } from './io.ts'
import { paint } from './paint.ts'

/** Lines of source by file; a file is read once however many problems lie in it. */
export type SourceLines = (file: string) => readonly string[]

/** Reads sources from the file system; a file that cannot be read has no lines. */
export function sourceLines(cwd: string): SourceLines {
  const known = new Map<string, readonly string[]>()
  return (file) => {
    let lines = known.get(file)
    if (!lines) {
      try {
        lines = readFileSync(resolve(cwd, file), 'utf8').split('\n')
      } catch {
        lines = []
      }
      known.set(file, lines)
    }
    return lines
  }
}

/** A problem as lines for a person: code and message, place, the line of source with a caret, and the way out. */
export function problemLines(
  problem: ProblemDetails,
  io: Pick<Io, 'color' | 'cwd'>,
  {
    severity = 'error',
    sources = sourceLines(io.cwd),
  }: { readonly severity?: string; readonly sources?: SourceLines } = {},
): readonly string[] {
  const { bad, good, dim, bold } = paint(io.color)
  const { file, line, column, path } = problem.where ?? {}
  const place = [file, line, column].filter((part) => part !== undefined).join(':')
  const where = [place, path].filter(Boolean).join('  ')
  const source = file !== undefined && line !== undefined ? sources(file)[line - 1] : undefined
  const lines = [`${bad(`${severity} ${problem.code}`)} ${bold(problem.message)}`]
  if (where) lines.push(`  ${dim('at')} ${where}`)
  if (source?.trim() && line !== undefined) {
    const number = String(line)
    lines.push(dim(`  ${number} | ${source.slice(0, 160)}`))
    if (column !== undefined) lines.push(dim(`  ${' '.repeat(number.length)} | ${' '.repeat(column - 1)}^`))
  }
  if (problem.hint) lines.push(`  ${good('mend')} ${problem.hint.replace(/^mend /, '')}`)
  return lines
}
