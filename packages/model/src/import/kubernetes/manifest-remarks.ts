import type { DraftPart } from '../draft.ts'
import type { Note } from '../note.ts'
import type { Workload } from './workload.ts'

/** Puts into the config what was lost of each workload, where a person edits it. */
export function manifestRemarks(
  parts: readonly DraftPart[],
  notes: readonly Note[],
  workloads: readonly Workload[],
): readonly DraftPart[] {
  return parts.map((part) => {
    const workload = workloads.find((candidate) => candidate.ref.name === part.name && candidate.ref.kind === part.kind)
    if (!workload) return part
    const path = workload.object.section.path
    const lost = notes.filter(
      (note) => note.kind === 'lost' && (note.path === path || note.path.startsWith(`${path}.`)),
    )
    const remarks = [
      ...new Set(
        lost.map((note) => `Not carried over (${note.file}:${note.line}): ${note.what}. ${note.instead}`.trim()),
      ),
    ]
    return remarks.length > 0 ? { ...part, remarks: { '': remarks } } : part
  })
}
