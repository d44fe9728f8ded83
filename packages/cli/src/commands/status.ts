import { connectController } from '@seaworthy/engine'
import { type Arguments, type Command, catalogOptions, flagOption } from '../command.ts'
import { exitCode } from '../exit-code.ts'
import { fleetTable } from '../fleet/fleet-table.ts'
import { fleetMeant } from '../fleet/open-catalog.ts'
import { stateDirectory } from '../fleet/state-directory.ts'
import { TrafficMeter } from '../fleet/traffic-meter.ts'
import type { Io } from '../io.ts'

/** ms over which `status` measures traffic. */
const measured = 1000

export const command: Command = {
  name: 'status',
  summary: 'shows what runs on this machine and why something does not',
  usage: 'seaworthy status [--env NAME] [--json]',
  example: `$ seaworthy status
shop in development  http://127.0.0.1:8080

service  version   ready  share   CPU   memory  req/s    p99  restarts  state
db       postgres    1/1         0.01   34 MiB                       0  ready
api      7f3a9c1     2/2         0.03  121 MiB   12.4  ≤ 5 ms        0  ready`,
  options: catalogOptions,
  run,
}

async function run(args: Arguments, io: Io): Promise<number> {
  const { folder, environment } = await fleetMeant(args, io)
  const client = await connectController(stateDirectory(folder, environment))
  const state = await client.state()
  const ready = state.replicas.every(({ phase }) => phase === 'ready' || phase === 'draining' || phase === 'stopping')
  if (flagOption(args, 'json')) {
    io.out(JSON.stringify(state))
    return ready ? exitCode.done : exitCode.no
  }
  const meter = new TrafficMeter()
  meter.add(await client.counters(), performance.now())
  await new Promise((next) => setTimeout(next, measured))
  meter.add(await client.counters(), performance.now())
  for (const line of fleetTable(await client.state(), meter.read(), io)) io.out(line)
  return ready ? exitCode.done : exitCode.no
}
