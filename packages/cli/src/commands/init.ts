import { basename, resolve } from 'node:path'
import { openImport } from '@seaworthy/model'
import { type Arguments, type Command, flagOption } from '../command.ts'
import { folderFiles } from '../init/folder-files.ts'
import { refuseSources } from '../init/refuse.ts'
import { starterConfig } from '../init/starter.ts'
import { takeOver, writeOptions } from '../init/take-over.ts'
import type { Io } from '../io.ts'

export const command: Command = {
  name: 'init',
  summary: 'writes a config from what is here: Compose files, packages, a Procfile, Dockerfiles',
  usage: 'seaworthy init [folder] [--print | --force] [--all]',
  example: `$ seaworthy init
wrote seaworthy.config.mts: 1 postgres, 1 redis, 4 services, from compose.yaml

not carried over (1)
  compose.yaml:31
    the file ./nginx.conf is not mounted at /etc/nginx/nginx.conf
    → Copy it into the image, or write its settings under \`env\`.
...
seaworthy check accepts it; next: seaworthy up`,
  options: writeOptions,
  positionals: 1,
  run,
}

async function run(args: Arguments, io: Io): Promise<number> {
  const folder = resolve(io.cwd, args.positionals[0] ?? '.')
  const { readProject, printConfig, partName } = await openImport()
  const name = partName(basename(folder))
  const { draft, problems } = readProject(folderFiles(folder), name)
  if (problems.length > 0) return refuseSources(problems, folder, flagOption(args, 'json'), io)
  const found = draft && draft.parts.length > 0 ? draft : undefined
  return takeOver(
    { folder, text: found ? printConfig(found) : starterConfig(name), ...(found && { draft: found }) },
    args,
    io,
  )
}
