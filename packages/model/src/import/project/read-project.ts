import { accepted } from '../accepted.ts'
import { findComposeFiles } from '../compose/load.ts'
import { type ReadCompose, readCompose } from '../compose/read-compose.ts'
import type { Draft } from '../draft.ts'
import { findPackages } from '../node/workspaces.ts'
import { collectNotes } from '../note.ts'
import { openPartNames } from '../part-names.ts'
import { type SourceFiles, tidyPath } from '../source-files.ts'
import { otherComposeFiles } from './other-compose-files.ts'
import { findPrograms } from './program.ts'
import { programParts } from './program-parts.ts'

/** What a project becomes: a draft where anything was found that runs. */
export type ReadProject = Pick<ReadCompose, 'draft' | 'problems'>

/**
 * Reads a project's folder: its Compose files first, because they say how the parts hang together; where they build
 * nothing, or are not there, what its Procfile, its packages and its Dockerfiles start.
 */
export function readProject(files: SourceFiles, name: string): ReadProject {
  const paths = findComposeFiles(files)
  const compose: ReadCompose | undefined = paths.length > 0 ? readCompose(files, paths, name) : undefined
  if (compose && compose.problems.length > 0) return { problems: compose.problems }
  const notes = collectNotes()
  otherComposeFiles(files, paths, notes)
  if (compose?.draft && compose.folders.length > 0) {
    const covered = new Set(compose.folders.map(tidyPath))
    for (const { folder, facts } of findPackages(files)) {
      if (folder === '.' || covered.has(folder) || facts.script !== 'start') continue
      notes.guessed(
        { file: facts.path, line: facts.scriptLine ?? 1 },
        folder,
        `${folder} has a start script and is no service of ${paths[0]}`,
        `If it is one: \`service('${facts.name ?? folder}', { build: './${folder}' })\`.`,
      )
    }
    return { problems: [], draft: withNotes(compose.draft, notes.all) }
  }
  const programs = findPrograms(files, name, notes)
  if (programs.length === 0)
    return { problems: [], ...(compose?.draft && { draft: withNotes(compose.draft, notes.all) }) }
  const base: Draft = compose?.draft ?? {
    name: openPartNames().take(name),
    parts: [],
    environments: {},
    notes: [],
    sources: [],
  }
  const made = programParts(files, programs, base, compose?.published ?? new Map(), notes)
  return { problems: [], draft: accepted(withNotes(made, notes.all)) }
}

function withNotes(draft: Draft, notes: Draft['notes']): Draft {
  return { ...draft, notes: [...draft.notes, ...notes] }
}
