import { relative } from 'node:path'
import { check, type Draft, type Finding, loadFleet, type Note, printDate } from '@seaworthy/model'
import { type Arguments, flagOption, type Option } from '../command.ts'
import { exitCode } from '../exit-code.ts'
import type { Io } from '../io.ts'
import { problemLines } from '../print-problem.ts'
import { noteLines } from './note-lines.ts'
import { configName, type Written, writeConfig } from './write-config.ts'

/** Options of the commands that write a config. */
export const writeOptions: Readonly<Record<'force' | 'print' | 'all', Option>> = {
  force: { type: 'boolean', short: 'f', help: 'write over a config that differs' },
  print: { type: 'boolean', help: 'print the config and write nothing' },
  all: { type: 'boolean', help: 'say of everything that has no meaning here why' },
}

/** What is to be written and said. */
export interface TakenOver {
  readonly folder: string
  readonly text: string
  /** Absent for the starter. */
  readonly draft?: Draft
}

/** Writes the config, says what it holds and what did not come over, and whether Seaworthy accepts it. */
export async function takeOver({ folder, text, draft }: TakenOver, args: Arguments, io: Io): Promise<number> {
  const json = flagOption(args, 'json')
  const notes = draft?.notes ?? []
  if (flagOption(args, 'print')) {
    if (json) io.out(JSON.stringify({ config: text, sources: draft?.sources ?? [], notes }))
    else {
      io.out(text.trimEnd())
      for (const line of noteLines(notes, io, flagOption(args, 'all'))) io.err(line)
    }
    return exitCode.done
  }
  const written = await writeConfig(folder, text, flagOption(args, 'force'), io)
  const problems =
    written === 'kept' ? [] : check(await loadFleet(folder, { cwd: io.cwd }), { today: printDate(Date.now()) }).refusals
  if (json) {
    io.out(
      JSON.stringify({
        file: configName,
        result: written,
        parts: countParts(draft),
        sources: draft?.sources ?? [],
        notes,
        problems,
      }),
    )
  } else sayTaken(folder, written, draft, notes, problems, args, io)
  return problems.length > 0 || written === 'kept' ? exitCode.no : exitCode.done
}

function sayTaken(
  folder: string,
  written: Written,
  draft: Draft | undefined,
  notes: readonly Note[],
  problems: readonly Finding[],
  args: Arguments,
  io: Io,
): void {
  const file = [relative(io.cwd, folder), configName].filter((part) => part !== '').join('/')
  const verb = { written: 'wrote', overwritten: 'wrote over', unchanged: 'nothing changed:', kept: 'kept' }[written]
  const what = draft
    ? `${partsText(draft)}, from ${draft.sources.join(', ')}`
    : 'a starter, because nothing was found here that runs'
  io.out(
    written === 'kept'
      ? `kept ${file} as it is`
      : `${verb} ${file}${written === 'unchanged' ? ' is what would be written' : `: ${what}`}`,
  )
  if (written === 'kept' || (written === 'unchanged' && !flagOption(args, 'all'))) return
  for (const line of noteLines(notes, io, flagOption(args, 'all'))) io.out(line)
  for (const problem of problems) for (const line of problemLines(problem, io)) io.err(line)
  io.out('')
  io.out(
    problems.length === 0
      ? 'seaworthy check accepts it; next: seaworthy up'
      : `${problems.length} ${problems.length === 1 ? 'thing' : 'things'} to mend before seaworthy up`,
  )
}

function countParts(draft: Draft | undefined): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const part of draft?.parts ?? []) counts[part.kind] = (counts[part.kind] ?? 0) + 1
  return counts
}

function partsText(draft: Draft): string {
  return Object.entries(countParts(draft))
    .map(([kind, count]) => `${count} ${count === 1 || kind === 'postgres' || kind === 'redis' ? kind : `${kind}s`}`)
    .join(', ')
}
