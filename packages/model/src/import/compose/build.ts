import type { Notes } from '../note.ts'
import { isSecret, isSecretName } from '../secrecy.ts'
import type { Section } from '../section.ts'
import { openSection } from '../section.ts'
import { pathFrom, type SourceFiles } from '../source-files.ts'
import { mapping, textOf } from '../yaml/tree.ts'
import { labelPairs } from './deploy.ts'
import { pairs } from './merge.ts'
import { isRemote } from './paths.ts'
import { uncarriedBuildKeys } from './uncarried.ts'

/** How an image is built, in the catalog's terms. */
export interface Build {
  /** Folder, from the project's, with `./` in front. */
  readonly context: string
  readonly dockerfile?: string
  readonly target?: string
  readonly args: Readonly<Record<string, string>>
}

/** Reads `build`; a context that is no folder is noted. */
export function readBuild(
  service: Section,
  files: SourceFiles,
  lookup: (name: string) => string | undefined,
  notes: Notes,
): Build | undefined {
  const written = service.take('build')
  if (!written || (written.kind === 'scalar' && written.value === null)) return undefined
  const section = openSection(
    written.kind === 'mapping' ? written : mapping([['context', written]], written.at),
    `${service.path}.build`,
  )
  const context = section.text('context') ?? '.'
  const dockerfile = section.text('dockerfile')
  const target = section.text('target')
  const args: Record<string, string> = {}
  const writtenArgs = section.take('args')
  for (const [name, text] of writtenArgs ? labelPairs(pairs(writtenArgs)) : []) {
    const value = text === '' && !pairsHave(writtenArgs, name) ? (lookup(name) ?? '') : text
    if (isSecretName(name) || isSecret(name, value))
      notes.lost(
        section.placeOf('args'),
        `${section.path}.args.${name}`,
        `the build argument ${name} looks like a secret, which an image would keep`,
        'Fetch what needs it before the build.',
      )
    else args[name] = value
  }
  section.close(notes, uncarriedBuildKeys)
  if (isRemote(context)) {
    notes.lost(
      section.placeOf('context'),
      `${section.path}.context`,
      `the image is built from ${context}, which is no folder here`,
      'Check it out beside, or name a built image under `image`.',
    )
    return undefined
  }
  const folder = pathFrom('.', context)
  const path = dockerfile ?? 'Dockerfile'
  const isThere = dockerfile !== undefined || files.read(pathFrom(folder, path)) !== undefined
  return {
    context: folder === '.' || folder.startsWith('../') || folder.startsWith('/') ? folder : `./${folder}`,
    ...(isThere && { dockerfile: path }),
    ...(target !== undefined && { target }),
    args,
  }
}

function pairsHave(tree: Parameters<typeof pairs>[0] | undefined, name: string): boolean {
  return tree !== undefined && pairs(tree).items.some((item) => textOf(item)?.startsWith(`${name}=`))
}
