import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve as resolvePath } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadFleet, Problem } from '@seaworthy/model'
import { refuseBroken } from '../catalog.ts'
import { type Arguments, type Command, catalogOptions, flagOption, textOption } from '../command.ts'
import { renderOptionsOf } from '../deploy/render-options.ts'
import { exitCode } from '../exit-code.ts'
import type { Io } from '../io.ts'
import { paint } from '../paint.ts'
import { compareTree, lineDiff } from '../render/compare-tree.ts'
import { type Rendered, targets } from '../render/targets.ts'

export const command: Command = {
  name: 'render',
  summary: 'writes what others run: manifests, Helm, Kustomize, Compose, systemd',
  usage: 'seaworthy render <target> [--out FOLDER] [--env NAME] [--diff] [--set-image SERVICE=IMAGE]',
  example: `$ seaworthy render helm --out deploy/helm
deploy/helm: 483 files, 12 changed`,
  options: {
    ...catalogOptions,
    out: {
      type: 'string',
      short: 'o',
      value: 'FOLDER',
      help: 'where files go; `rendered/<target>` unless given, `-` prints them',
    },
    diff: { type: 'boolean', help: 'writes nothing and shows what would change; exit code 1 when something would' },
    'set-image': {
      type: 'string',
      multiple: true,
      value: 'SERVICE=IMAGE',
      help: 'image of a service, best by digest; may be repeated',
    },
    registry: { type: 'string', value: 'PREFIX', help: 'put before the names of images that the catalog builds' },
    tag: { type: 'string', value: 'TAG', help: 'tag of images that the catalog builds' },
  },
  positionals: 1,
  run,
}

async function run(args: Arguments, io: Io): Promise<number> {
  const name = args.positionals[0] ?? ''
  const target = targets[name]
  if (!target) {
    throw new Problem({
      code: 'SW9003',
      message: name === '' ? 'say what to render' : `nothing renders "${name}"`,
      hint: Object.entries(targets)
        .map(([word, { summary }]) => `${word}: ${summary}`)
        .join('; '),
    })
  }
  const loaded = await loadFleet(textOption(args, 'config') ?? io.cwd, { cwd: io.cwd })
  if (loaded.problems.length > 0) return refuseBroken(loaded, io, flagOption(args, 'json'))
  const rendered = target.render({
    document: loaded.document,
    environment: textOption(args, 'env'),
    folder: loaded.folder,
    node: process.execPath,
    seaworthy: fileURLToPath(new URL('../main.ts', import.meta.url)),
    options: renderOptionsOf(args),
  })
  for (const { path, why } of rendered.notExpressed) io.err(`${name} can’t say ${path}: ${why}`)
  const out = textOption(args, 'out') ?? join('rendered', name)
  return flagOption(args, 'diff') ? diff(rendered, resolvePath(io.cwd, out), io) : write(rendered, out, io)
}

function write(rendered: Rendered, out: string, io: Io): number {
  if (out === '-') {
    for (const text of rendered.tree.values()) io.out(text.trimEnd())
    return exitCode.done
  }
  const folder = resolvePath(io.cwd, out)
  const { added, changed, stale } = compareTree(rendered.tree, folder)
  for (const file of [...added, ...changed]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), rendered.tree.get(file) ?? '')
  }
  io.out(`${out}: ${rendered.tree.size} files, ${added.length} new, ${changed.length} changed`)
  if (stale.length > 0) io.err(`not rendered any more, left where they are: ${stale.join(', ')}`)
  return exitCode.done
}

function diff(rendered: Rendered, folder: string, io: Io): number {
  const { bad, good, dim } = paint(io.color)
  const { added, changed, stale } = compareTree(rendered.tree, folder)
  for (const file of changed) {
    io.out(`changed ${file}`)
    for (const line of lineDiff(readFileSync(join(folder, file), 'utf8'), rendered.tree.get(file) ?? '')) {
      io.out(line.startsWith('-') ? bad(line) : line.startsWith('+') ? good(line) : dim(line))
    }
  }
  for (const file of added) io.out(good(`new ${file}`))
  for (const file of stale) io.out(bad(`stale ${file}`))
  return added.length + changed.length + stale.length === 0 ? exitCode.done : exitCode.no
}
