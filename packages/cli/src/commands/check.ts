import {
  type CheckReport,
  check,
  collapse,
  type Finding,
  loadFleet,
  printDate,
  type SilencedFinding,
} from '@seaworthy/model'
import { type Arguments, type Command, catalogOptions, flagOption, textOption } from '../command.ts'
import { exitCode } from '../exit-code.ts'
import type { Io } from '../io.ts'
import { paint } from '../paint.ts'
import { problemLines, sourceLines } from '../print-problem.ts'

export const command: Command = {
  name: 'check',
  summary: 'finds everything in the catalog that is wrong, cannot be true, or should be mended',
  usage: 'seaworthy check [--env NAME] [--strict] [--json]',
  example: `$ seaworthy check
error SW1101 expected an RPO of at least the interval of 24h, found 1h
  at seaworthy.config.mts:4:31  postgres.db.backup.rpo
  4 | const db = postgres('db', { backup: { schedule: '0 2 * * *', rpo: '1h' } })
    |                                                              ^
  mend set rpo to 30h, or back up every 48m
1 refusal, 0 warnings, 0 silenced: 160 rules in 3 environments`,
  options: {
    ...catalogOptions,
    strict: { type: 'boolean', help: 'warnings count as failures too' },
    today: {
      type: 'string',
      value: 'DATE',
      help: 'the day by which silences and sunsets are judged; today unless given',
    },
  },
  run,
}

async function run(args: Arguments, io: Io): Promise<number> {
  const loaded = await loadFleet(textOption(args, 'config') ?? io.cwd, { cwd: io.cwd })
  const environment = textOption(args, 'env')
  const today = textOption(args, 'today') ?? printDate(Date.now())
  const report = check(loaded, { today, ...(environment !== undefined && { environment }) })
  if (flagOption(args, 'json')) io.out(JSON.stringify(report))
  else for (const line of reportLines(report, io)) io.out(line)
  const failed = report.refusals.length > 0 || (flagOption(args, 'strict') && report.warnings.length > 0)
  return failed ? exitCode.no : exitCode.done
}

/** A report for a person: refusals, warnings, what is silenced, and a line that sums up. */
export function reportLines(report: CheckReport, io: Pick<Io, 'color' | 'cwd'>): readonly string[] {
  const { refusals, warnings, silenced, environments, rules } = report
  const sources = sourceLines(io.cwd)
  const linesOf = (finding: Finding, severity: string): readonly string[] => [
    ...problemLines(finding, io, { severity, sources }),
    '',
  ]
  const { dim } = paint(io.color)
  const named = (finding: Finding): Finding => inEnvironments(finding, environments)
  return [
    ...collapse(refusals.map(named)).flatMap((finding) => linesOf(finding, 'error')),
    ...collapse(warnings.map(named)).flatMap((finding) => linesOf(finding, 'warning')),
    ...silenced.map((finding) => dim(silencedLine(finding))),
    `${count(refusals.length, 'refusal')}, ${count(warnings.length, 'warning')}, ${silenced.length} silenced: ${rules} rules in ${count(environments.length, 'environment')} (${environments.join(', ')})`,
  ]
}

/** Says in which environments a finding holds, where that is not all of them. */
function inEnvironments(finding: Finding, all: readonly string[]): Finding {
  const { environments, message } = finding
  if (environments.length === 0 || environments.length === all.length) return finding
  return { ...finding, message: `${message} (in ${environments.join(', ')})` }
}

function silencedLine({ code, path, message, reason, until }: SilencedFinding): string {
  return `silenced ${code} until ${until} (${reason}): ${path}: ${message}`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
