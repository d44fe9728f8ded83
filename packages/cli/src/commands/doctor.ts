import { diagnose } from '@seaworthy/engine'
import { environmentsOf, type Fleet, loadFleet, Problem, resolve } from '@seaworthy/model'
import { environmentFor } from '../catalog.ts'
import { type Arguments, type Command, catalogOptions, flagOption, textOption } from '../command.ts'
import { exitCode } from '../exit-code.ts'
import type { Io } from '../io.ts'
import { paint } from '../paint.ts'
import { tableLines } from '../table.ts'

export const command: Command = {
  name: 'doctor',
  summary: 'says what this machine has of what the fleet wants, and how to get the rest',
  usage: 'seaworthy doctor [path] [--env NAME]',
  example: `$ seaworthy doctor
ok       Node        Node 24.21.0
ok       limits      CPU, memory and processes of each replica are bounded by control groups
missing  Redis       neither redis-server nor valkey-server is in PATH
                     \`apt-get install redis-server\`, \`brew install redis\`, or a \`url\``,
  options: catalogOptions,
  positionals: 1,
  run,
}

async function run(args: Arguments, io: Io): Promise<number> {
  const meant = await fleetThere(args, io)
  const findings = diagnose(meant?.fleet, meant?.folder ?? io.cwd, io.env)
  const missing = findings.some(({ state }) => state === 'missing')
  if (flagOption(args, 'json')) {
    io.out(JSON.stringify({ fleet: meant?.fleet.name ?? null, findings }))
    return missing ? exitCode.no : exitCode.done
  }
  const { bad, good, dim } = paint(io.color)
  if (!meant) io.err(dim('there is no catalog here: this is what a fleet might want'))
  const tint = (text: string): string =>
    text.startsWith('ok') ? good(text) : text.startsWith('missing') ? bad(text) : dim(text)
  const rows = findings.flatMap(({ what, state, found, hint }) => [
    [state, what, found],
    ...(hint !== undefined && state !== 'ok' ? [['', '', hint]] : []),
  ])
  const columns = [{ title: 'state', paint: tint }, { title: 'what' }, { title: 'found' }]
  for (const line of tableLines(columns, rows, { heading: false })) io.out(line)
  return missing ? exitCode.no : exitCode.done
}

/** The fleet of the catalog, if there is one; a broken one is a matter for `check`, not for the doctor. */
async function fleetThere(
  args: Arguments,
  io: Io,
): Promise<{ readonly fleet: Fleet; readonly folder: string } | undefined> {
  const path = args.positionals[0] ?? textOption(args, 'config')
  try {
    const loaded = await loadFleet(path ?? io.cwd, { cwd: io.cwd })
    const environment = environmentFor(environmentsOf(loaded.document), textOption(args, 'env'))
    return { fleet: resolve(loaded.document, environment), folder: loaded.folder }
  } catch (error) {
    if (path === undefined && error instanceof Problem) return undefined
    throw error
  }
}
