import { connectController, type LogLine } from '@seaworthy/engine'
import { type Arguments, type Command, catalogOptions, flagOption, textOption } from '../command.ts'
import { exitCode } from '../exit-code.ts'
import { fleetMeant } from '../fleet/open-catalog.ts'
import { stateDirectory } from '../fleet/state-directory.ts'
import type { Io } from '../io.ts'
import { paint } from '../paint.ts'

export const command: Command = {
  name: 'logs',
  summary: 'shows what services, resources and jobs wrote; secrets are masked',
  usage: 'seaworthy logs [service] [--follow] [--lines N] [--replica NAME] [--env NAME]',
  example: `$ seaworthy logs api --lines 2
api-7f3a9c1-0  listening on 127.0.0.1:26041
api-7f3a9c1-1  listening on 127.0.0.1:21877`,
  options: {
    ...catalogOptions,
    follow: { type: 'boolean', short: 'f', help: 'go on until Ctrl-C' },
    lines: { type: 'string', short: 'n', value: 'N', help: 'lines per replica; 100 unless given' },
    replica: { type: 'string', value: 'NAME', help: 'only this replica' },
  },
  positionals: 1,
  run,
}

async function run(args: Arguments, io: Io): Promise<number> {
  const { folder, environment } = await fleetMeant(args, io)
  const client = await connectController(stateDirectory(folder, environment))
  const replica = textOption(args, 'replica')
  const query = {
    service: args.positionals[0] ?? '',
    lines: Number(textOption(args, 'lines') ?? 100),
    ...(replica !== undefined && { replica }),
  }
  const { dim } = paint(io.color)
  const print = (line: LogLine): void =>
    io.out(flagOption(args, 'json') ? JSON.stringify(line) : `${dim(line.replica)}  ${line.text}`)
  for (const line of await client.logs(query)) print(line)
  if (flagOption(args, 'follow')) for await (const line of client.followLogs(query, io.signal)) print(line)
  return exitCode.done
}
