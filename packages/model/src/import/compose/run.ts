import { splitWords, writeCommand } from '../command-words.ts'
import { type FolderFacts, localCommand } from '../folder-facts.ts'
import { entrypointOf } from '../image.ts'
import type { Notes } from '../note.ts'
import type { Section } from '../section.ts'
import { type Place, type Tree, textOf } from '../yaml/tree.ts'

/** The command of a service, as a catalog writes it. */
export interface Run {
  readonly run: string | readonly string[]
  /** Where it was found, when not in the Compose file. */
  readonly from?: Place
}

/**
 * What starts the service: `entrypoint` and `command` over those of the Dockerfile, or the package's start script.
 * In a catalog a command is whole, so the entry point of an image is written out where it is known.
 */
export function readRun(
  service: Section,
  image: string | undefined,
  facts: FolderFacts | undefined,
  notes: Notes,
): Run | undefined {
  const entrypoint = words(service.take('entrypoint'))
  const command = words(service.take('command'))
  if (facts) return builtRun(service, entrypoint, command, facts, notes)
  if (entrypoint === undefined && command === undefined) return undefined
  if (entrypoint !== undefined && entrypoint.length > 0)
    return { run: writeCommand([...entrypoint, ...(command ?? [])]) }
  const given = command ?? []
  if (given.length === 0) return undefined
  const own = entrypoint === undefined && image !== undefined ? entrypointOf(image) : undefined
  if (own) return { run: writeCommand(own.at(-1) === given[0] ? given : [...own, ...given]) }
  if (given[0]?.startsWith('-')) {
    notes.lost(
      service.placeOf('command'),
      `${service.path}.command`,
      `\`${given.join(' ')}\` are arguments for the entry point of ${image ?? 'the image'}, which is not known here`,
      'Write the whole command under `run`.',
    )
    return undefined
  }
  if (entrypoint === undefined)
    notes.changed(
      service.placeOf('command'),
      `${service.path}.command`,
      'a command is whole: the entry point of the image is not run before it',
      'Put the entry point in front of it under `run` where the image needs it.',
    )
  return { run: writeCommand(given) }
}

function builtRun(
  service: Section,
  entrypoint: readonly string[] | undefined,
  command: readonly string[] | undefined,
  facts: FolderFacts | undefined,
  notes: Notes,
): Run | undefined {
  const image = facts?.dockerfile
  const head = entrypoint ?? image?.entrypoint ?? []
  const tail = command ?? (entrypoint === undefined ? image?.command : undefined) ?? []
  const whole = [...head, ...tail]
  const isWritten = command !== undefined || entrypoint !== undefined
  const local = whole.length > 0 ? localCommand(whole, image?.workdir) : undefined
  const from = image && { file: image.path, line: image.commandLine ?? 1 }
  if (local) return { run: writeCommand(local), ...(!isWritten && from && { from }) }
  if (whole.length > 0 && isWritten) return { run: writeCommand(whole) }
  if (whole.length > 0) return undefined
  const script = facts?.package
  if (!script?.start) {
    if (!image)
      notes.lost(
        service.at,
        service.path,
        `nothing says how it starts: ${facts?.folder ?? '.'} has neither a Dockerfile nor a start script`,
        'Write `run`.',
      )
    return undefined
  }
  return { run: script.start, from: { file: script.path, line: script.scriptLine ?? 1 } }
}

function words(tree: Tree | undefined): readonly string[] | undefined {
  if (!tree || (tree.kind === 'scalar' && tree.value === null)) return undefined
  if (tree.kind === 'list') return tree.items.map((item) => textOf(item) ?? '')
  return splitWords(textOf(tree) ?? '')
}
