import {
  type ExplainedPart,
  type ExplainedValue,
  type Explanation,
  environmentsOf,
  explain,
  loadFleet,
  type SilencedWarning,
} from '@seaworthy/model'
import { environmentFor, refuseBroken } from '../catalog.ts'
import { type Arguments, type Command, catalogOptions, flagOption, textOption } from '../command.ts'
import { exitCode } from '../exit-code.ts'
import type { Io } from '../io.ts'
import { paint } from '../paint.ts'
import { tableLines } from '../table.ts'

export const command: Command = {
  name: 'explain',
  summary: 'shows every value in force, its unit, and where it came from',
  usage: 'seaworthy explain [part] [--env NAME] [--written | --all]',
  example: `$ seaworthy explain api --env production
service api  seaworthy.config.mts:12
  memory            2Gi    seaworthy.config.mts:17
  scale.min         5      production, seaworthy.config.mts:24
  stop.drain        20s    default
  ...`,
  options: {
    ...catalogOptions,
    written: { type: 'boolean', help: 'only what somebody wrote; the rule when no part is named' },
    all: { type: 'boolean', help: 'defaults too; the rule when a part is named' },
  },
  positionals: 1,
  run,
}

async function run(args: Arguments, io: Io): Promise<number> {
  const loaded = await loadFleet(textOption(args, 'config') ?? io.cwd, { cwd: io.cwd })
  if (loaded.problems.length > 0) return refuseBroken(loaded, io, flagOption(args, 'json'))
  const [part] = args.positionals
  const environment = environmentFor(environmentsOf(loaded.document), textOption(args, 'env'))
  const explanation = explain(loaded, { environment, ...(part !== undefined && { part }) })
  if (flagOption(args, 'json')) {
    io.out(JSON.stringify(explanation))
    return exitCode.done
  }
  const all = flagOption(args, 'all') || (part !== undefined && !flagOption(args, 'written'))
  for (const line of explanationLines(explanation, all, io)) io.out(line)
  return exitCode.done
}

/** The explanation as an aligned table; without `all`, defaults are only counted. */
export function explanationLines(
  explanation: Explanation,
  all: boolean,
  io: Pick<Io, 'color' | 'columns'>,
): readonly string[] {
  const { dim, bold } = paint(io.color)
  const { fleet, environment, identity, parts, silenced } = explanation
  const shown = parts.map((part) => ({ ...part, values: part.values.filter((value) => all || isWritten(value)) }))
  const rows = shown.flatMap(({ values }) => values.map(rowOf))
  const columns = [{ title: 'value' }, { title: 'in force' }, { title: 'from', paint: dim }]
  const lines = tableLines(columns, rows, { heading: false, width: io.columns })
  const output = [`${bold(`${fleet} in ${environment}`)}  ${dim(`sha256 ${identity.slice(0, 16)}`)}`]
  let next = 0
  for (const part of shown) {
    output.push('', headingOf(part, bold, dim), ...lines.slice(next, next + part.values.length))
    next += part.values.length
  }
  const hidden = parts.reduce((sum, part) => sum + part.values.length, 0) - rows.length
  if (hidden > 0) output.push('', dim(`${hidden} more values are defaults or follow from these; --all shows them`))
  return [...output, ...silencedLines(silenced, bold)]
}

function isWritten({ origin }: ExplainedValue): boolean {
  return origin.kind !== 'default' && origin.kind !== 'derived'
}

function headingOf(
  { kind, name, where }: ExplainedPart,
  bold: (t: string) => string,
  dim: (t: string) => string,
): string {
  const place = where.line === undefined ? '' : `  ${where.file}:${where.line}`
  return `${bold(`${kind} ${name}`)}${dim(place)}`
}

function rowOf({ path, text, origin }: ExplainedValue): readonly string[] {
  return [`  ${path}`, text, originText(origin)]
}

function originText(origin: ExplainedValue['origin']): string {
  switch (origin.kind) {
    case 'default':
      return 'default'
    case 'derived':
      return `from ${origin.from}`
    case 'file':
      return `${origin.file}:${origin.line}`
    case 'overlay':
      return `${origin.environment}, ${origin.file}:${origin.line}`
    case 'environment':
      return `all of ${origin.environment}, ${origin.file}:${origin.line}`
    default:
      return origin satisfies never
  }
}

function silencedLines(silenced: readonly SilencedWarning[], bold: (text: string) => string): readonly string[] {
  if (silenced.length === 0) return []
  const rows = silenced.map(({ code, reason, until, where }) => [
    `  ${code}`,
    `until ${until}`,
    reason,
    `${where.file}:${where.line}`,
  ])
  const columns = [{ title: 'code' }, { title: 'until' }, { title: 'reason' }, { title: 'from' }]
  return ['', bold('silenced warnings'), ...tableLines(columns, rows, { heading: false })]
}
