import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connectController, startControllerProcess } from '@seaworthy/engine'
import { type Arguments, type Command, catalogOptions, flagOption } from '../command.ts'
import { exitCode } from '../exit-code.ts'
import { eventLines } from '../fleet/event-lines.ts'
import { fleetMeant } from '../fleet/open-catalog.ts'
import { stateDirectory } from '../fleet/state-directory.ts'
import type { Io } from '../io.ts'

export const command: Command = {
  name: 'down',
  summary: 'drains and stops the fleet on this machine; data stay',
  usage: 'seaworthy down [--env NAME] [--force] [--destroy]',
  example: `$ seaworthy down
web-ca92a75-0  draining  the fleet is being stopped
web-ca92a75-0  gone`,
  options: {
    ...catalogOptions,
    force: { type: 'boolean', help: 'kill at once instead of draining' },
    destroy: { type: 'boolean', help: 'delete databases, volumes and state as well; asks' },
    yes: { type: 'boolean', short: 'y', help: 'answer yes' },
  },
  run,
}

async function run(args: Arguments, io: Io): Promise<number> {
  const { folder, environment } = await fleetMeant(args, io)
  const stateDir = stateDirectory(folder, environment)
  const json = flagOption(args, 'json')
  if (!existsSync(join(stateDir, 'state.db'))) {
    io.err(`nothing runs here: there is no state in ${stateDir}`)
    return exitCode.done
  }
  const destroy = flagOption(args, 'destroy')
  if (destroy && !flagOption(args, 'yes')) {
    const sure = await io.confirm(`Delete all data of ${environment} in ${stateDir}? This cannot be undone.`)
    if (!sure) {
      io.err('nothing was done; answer y, or give --yes')
      return exitCode.no
    }
  }
  // A controller that was killed may have left a fleet behind: a new one takes it over and takes it down.
  const client =
    (await connectController(stateDir).catch(() => undefined)) ?? (await successor(stateDir, folder, environment, io))
  for await (const event of client.down({ destroy, force: flagOption(args, 'force') })) {
    if (json) io.out(JSON.stringify(event))
    else for (const line of eventLines(event, io)) io.out(line)
  }
  return exitCode.done
}

async function successor(
  stateDir: string,
  root: string,
  environment: string,
  io: Io,
): ReturnType<typeof startControllerProcess> {
  const main = fileURLToPath(new URL('../controller-main.ts', import.meta.url))
  return await startControllerProcess({ stateDir, root, environment, main, env: io.env })
}
