import { type Arguments, type Command, catalogOptions, flagOption } from '../command.ts'
import { exitCode } from '../exit-code.ts'
import { FleetSession } from '../fleet/fleet-session.ts'
import { openCatalog, requireMachine } from '../fleet/open-catalog.ts'
import type { Io } from '../io.ts'

export const command: Command = {
  name: 'up',
  summary: 'runs the fleet on this machine, behind its gateway',
  usage: 'seaworthy up [path] [--env NAME] [--detach]',
  example: `$ seaworthy up
shop in development  http://127.0.0.1:8080

service  version   ready  share   CPU   memory  req/s    p99  restarts  state
db       postgres    1/1         0.01   34 MiB                       0  ready
api      7f3a9c1     2/2         0.03  121 MiB   12.4  ≤ 5 ms        0  ready
Ctrl-C drains and stops everything; a second one kills.`,
  options: {
    ...catalogOptions,
    detach: { type: 'boolean', short: 'd', help: 'leave it running and return once everything is ready' },
  },
  positionals: 1,
  run,
}

async function run(args: Arguments, io: Io): Promise<number> {
  const catalog = await openCatalog(args, io)
  if (typeof catalog === 'number') return catalog
  requireMachine(catalog)
  const session = await FleetSession.open(catalog, io, {
    detach: flagOption(args, 'detach'),
    json: flagOption(args, 'json'),
  })
  const settled = await session.apply()
  if (session.staysBehind) {
    session.sayWhatRuns(settled)
    return settled ? exitCode.done : exitCode.no
  }
  return await session.watch()
}
