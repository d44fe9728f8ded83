import {
  type CheckReport,
  check,
  collapse,
  type Finding,
  loadFleet,
  Problem,
  printDate,
  readDate,
  type SilencedFinding,
  toSarif,
} from '@seaworthy/model'
import { type Arguments, type Command, catalogOptions, flagOption, textOption } from '../command.ts'
import { exitCode } from '../exit-code.ts'
import type { Io } from '../io.ts'
import { ownVersion } from '../own-version.ts'
import { paint } from '../paint.ts'
import { problemLines, sourceLines } from '../print-problem.ts'

export const command: Command = {
  name: 'check',
  summary: 'finds everything in the catalog that is wrong, cannot be true, or should be mended',
  usage: 'seaworthy check [--env NAME] [--strict] [--json | --sarif]',
  example: `$ seaworthy check
error SW1101 expected a backup at least every 1h (the RPO), found one every 24h
  at seaworthy.config.mts:6:36  postgres.db.backup.rpo
  6 |   backup: { schedule: '0 2 * * *', rpo: '1h', drill: '0 4 * * 1', rto: '1h' },
    |                                    ^
  mend set \`continuous: true\` with \`archiveEvery: '5m'\`, or rpo to 24h or more

1 refusal, 0 warnings, 0 silenced: 160 rules in 2 environments (staging, production)`,
  options: {
    ...catalogOptions,
    strict: { type: 'boolean', help: 'warnings count as failures too' },
    sarif: { type: 'boolean', help: 'SARIF 2.1.0, for code scanners' },
    today: {
      type: 'string',
      value: 'DATE',
      help: 'the day by which silences and sunsets are judged; today unless given',
    },
  },
  run,
}

async function run(args: Arguments, io: Io): Promise<number> {
  const sarif = flagOption(args, 'sarif')
  const report = await reportOn(args, io, sarif)
  if (flagOption(args, 'json')) io.out(JSON.stringify(report))
  else if (sarif) io.out(JSON.stringify(toSarif(report, { version: await ownVersion() })))
  else for (const line of reportLines(report, io)) io.out(line)
  const failed = report.refusals.length > 0 || (flagOption(args, 'strict') && report.warnings.length > 0)
  return failed ? exitCode.no : exitCode.done
}

async function reportOn(args: Arguments, io: Io, sarif: boolean): Promise<CheckReport> {
  const environment = textOption(args, 'env')
  const today = dayOf(textOption(args, 'today'))
  try {
    const loaded = await loadFleet(textOption(args, 'config') ?? io.cwd, { cwd: io.cwd })
    return check(loaded, { today, ...(environment !== undefined && { environment }) })
  } catch (error) {
    // A scanner reads a log or nothing, so a catalog that cannot be evaluated is a finding of its own there.
    if (!sarif || !(error instanceof Problem)) throw error
    return unreadable(error)
  }
}

function unreadable({ code, message, where = {}, hint = '' }: Problem): CheckReport {
  const finding: Finding = {
    code,
    severity: 'refusal',
    title: '',
    message,
    path: where.path ?? '',
    where,
    hint,
    environments: [],
  }
  return { refusals: [finding], warnings: [], silenced: [], environments: [], rules: 0 }
}

function dayOf(written: string | undefined): string {
  if (written === undefined) return printDate(Date.now())
  const day = readDate(written)
  if (day.ok) return day.value
  const { expected, nearest } = day
  throw new Problem({
    code: 'SW9003',
    message: `expected ${expected} behind --today, found ${written}`,
    hint: `write --today ${nearest ?? printDate(Date.now())}`,
  })
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
