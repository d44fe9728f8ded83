import type { Command, Option } from './command.ts'
import { exitCodeMeanings } from './exit-code.ts'
import { tableLines } from './table.ts'

/** What `seaworthy --help` prints. */
export function overview(commands: readonly Pick<Command, 'name' | 'summary'>[]): string {
  const rows = commands.map(({ name, summary }) => [`  ${name}`, summary])
  return [
    'Describe your services once; run them here or on Kubernetes; ship changes behind a verdict; keep the evidence.',
    '',
    'Usage: seaworthy COMMAND [options]',
    '',
    ...tableLines([{ title: '' }, { title: '' }], rows, { heading: false }),
    '',
    'seaworthy COMMAND --help shows options and an example; --json gives the same facts as data.',
    '',
    'Exit codes:',
    ...exitCodeLines(),
  ].join('\n')
}

/** What `seaworthy COMMAND --help` prints. */
export function commandHelp(command: Command, always: Readonly<Record<string, Option>>): string {
  const options = Object.entries({ ...command.options, ...always })
  const rows = options.map(([name, option]) => {
    const short = option.short === undefined ? '    ' : `-${option.short}, `
    const value = option.type === 'boolean' ? '' : ` ${option.value ?? 'VALUE'}`
    return [`  ${short}--${name}${value}`, option.help]
  })
  return [
    command.summary,
    '',
    `Usage: ${command.usage}`,
    '',
    'Options:',
    ...tableLines([{ title: '' }, { title: '' }], rows, { heading: false }),
    '',
    'Example:',
    ...command.example.split('\n').map((line) => `  ${line}`.trimEnd()),
    '',
    'Exit codes:',
    ...exitCodeLines(),
  ].join('\n')
}

function exitCodeLines(): readonly string[] {
  const rows = exitCodeMeanings.map(([code, meaning]) => [`  ${code}`, meaning])
  return tableLines([{ title: '' }, { title: '' }], rows, { heading: false })
}
