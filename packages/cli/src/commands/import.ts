import { basename, dirname, relative, resolve } from 'node:path'
import { openImport, Problem } from '@seaworthy/model'
import { type Arguments, type Command, flagOption } from '../command.ts'
import { exitCode } from '../exit-code.ts'
import { folderFiles } from '../init/folder-files.ts'
import { planLines } from '../init/plan-lines.ts'
import { refuseSources } from '../init/refuse.ts'
import { takeOver, writeOptions } from '../init/take-over.ts'
import type { Io } from '../io.ts'

export const command: Command = {
  name: 'import',
  summary: 'writes a config from Compose files or Kubernetes manifests',
  usage: 'seaworthy import compose [FILE...] | kubernetes [DIR] [--print | --force | --plan] [--all]',
  example: `$ seaworthy import compose compose.yaml compose.prod.yaml
wrote seaworthy.config.mts: 1 postgres, 4 services, from compose.yaml, compose.prod.yaml
...
seaworthy check accepts it; next: seaworthy up`,
  options: {
    ...writeOptions,
    plan: { type: 'boolean', help: 'of Compose: plan the move of what runs to a cluster, and write nothing' },
  },
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
  const { findComposeFiles, partName, planCompose, printConfig, readCompose } = await openImport()
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
  const { draft, problems, origins } = readCompose(files, found, partName(basename(folder)))
  if (problems.length > 0) return refuseSources(problems, folder, flagOption(args, 'json'), io)
  if (!draft) throw new Problem({ code: 'SW1045', message: `${found.join(', ')} holds no services` })
  if (!flagOption(args, 'plan')) return takeOver({ folder, text: printConfig(draft), draft }, args, io)
  const plan = planCompose(draft, origins)
  if (flagOption(args, 'json')) io.out(JSON.stringify(plan))
  else for (const line of planLines(plan, io)) io.out(line)
  return exitCode.done
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
  // Seen from where the command was given, so that notes name files as a person finds them.
  const below = relative(io.cwd, folder)
  const [root, manifests] = below.startsWith('..') ? [folder, '.'] : [io.cwd, below || '.']
  const { draft, problems } = readKubernetes(folderFiles(root), manifests, partName(basename(io.cwd)))
  if (problems.length > 0) return refuseSources(problems, root, flagOption(args, 'json'), io)
  if (!draft)
    throw new Problem({
      code: 'SW1045',
      message: `there is no manifest of a workload below ${paths[0] ?? 'this folder'}`,
      hint: 'name its folder: `seaworthy import kubernetes DIR`; render Helm and Kustomize first',
    })
  // The config belongs where the command was given: the manifests' folder is one of many there.
  return takeOver({ folder: io.cwd, text: printConfig(draft), draft }, args, io)
}
