import { basename, dirname, relative, resolve } from 'node:path'
import { openImport, Problem } from '@seaworthy/model'
import { type Arguments, type Command, flagOption } from '../command.ts'
import { folderFiles } from '../init/folder-files.ts'
import { refuseSources } from '../init/refuse.ts'
import { takeOver, writeOptions } from '../init/take-over.ts'
import type { Io } from '../io.ts'

export const command: Command = {
  name: 'import',
  summary: 'writes a config from Compose files or Kubernetes manifests',
  usage: 'seaworthy import compose [FILE...] | kubernetes [DIR] [--print | --force] [--all]',
  example: `$ seaworthy import compose compose.yaml compose.prod.yaml
wrote seaworthy.config.mts: 1 postgres, 4 services, from compose.yaml, compose.prod.yaml
...
seaworthy check accepts it; next: seaworthy up`,
  options: writeOptions,
  positionals: 50,
  run,
}

async function run(args: Arguments, io: Io): Promise<number> {
  const [format, ...paths] = args.positionals
  switch (format) {
    case 'compose':
      return importCompose(paths, args, io)
    case 'kubernetes':
      return importKubernetes(paths, args, io)
    default:
      throw new Problem({
        code: 'SW9003',
        message: format === undefined ? 'expected what to import' : `cannot import \`${format}\``,
        hint: 'write `seaworthy import compose` or `seaworthy import kubernetes DIR`',
      })
  }
}

async function importCompose(paths: readonly string[], args: Arguments, io: Io): Promise<number> {
  const { findComposeFiles, partName, printConfig, readCompose } = await openImport()
  const folder = paths[0] === undefined ? io.cwd : dirname(resolve(io.cwd, paths[0]))
  const files = folderFiles(folder)
  const named = paths.map((path) => relative(folder, resolve(io.cwd, path)))
  const found = named.length > 0 ? named : findComposeFiles(files)
  if (found.length === 0)
    throw new Problem({
      code: 'SW1045',
      message: 'there is no Compose file here',
      hint: 'name it: `seaworthy import compose FILE`',
    })
  const { draft, problems } = readCompose(files, found, partName(basename(folder)))
  if (problems.length > 0) return refuseSources(problems, folder, flagOption(args, 'json'), io)
  if (!draft) throw new Problem({ code: 'SW1045', message: `${found.join(', ')} holds no services` })
  return takeOver({ folder, text: printConfig(draft), draft }, args, io)
}

async function importKubernetes(paths: readonly string[], args: Arguments, io: Io): Promise<number> {
  const { partName, printConfig, readKubernetes } = await openImport()
  const folder = resolve(io.cwd, paths[0] ?? '.')
  if (paths.length > 1)
    throw new Problem({
      code: 'SW9003',
      message: `import kubernetes takes one folder, found ${paths.length}`,
      hint: 'name the folder above them',
    })
  const { draft, problems } = readKubernetes(folderFiles(folder), '.', partName(basename(folder)))
  if (problems.length > 0) return refuseSources(problems, folder, flagOption(args, 'json'), io)
  if (!draft)
    throw new Problem({
      code: 'SW1045',
      message: `there is no manifest of a workload below ${paths[0] ?? 'this folder'}`,
      hint: 'name its folder: `seaworthy import kubernetes DIR`; render Helm and Kustomize first',
    })
  // The config belongs where the command was given: the manifests' folder is one of many there.
  return takeOver({ folder: io.cwd, text: printConfig(draft), draft }, args, io)
}
