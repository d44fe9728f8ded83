import { parsePath } from '../catalog-path.ts'
import { problemsOf } from '../document.ts'
import type { ProblemDetails } from '../problem.ts'
import type { Draft, DraftPart } from './draft.ts'
import { fleetOfDraft, listKeys } from './fleet-of-draft.ts'
import type { Note } from './note.ts'

/** Rounds until nothing is left to take out; a value that hides behind another shows in the next one. */
const mostRounds = 20

/** Takes out of a draft what the catalog would not read, such as a number out of bounds, and says so. */
export function accepted(draft: Draft): Draft {
  let settled = draft
  for (let round = 0; round < mostRounds; round += 1) {
    const problems = problemsOf(fleetOfDraft(settled))
    if (problems.length === 0) return settled
    const before = settled
    for (const problem of problems) settled = without(settled, problem)
    if (settled === before) return settled
  }
  return settled
}

function without(draft: Draft, problem: ProblemDetails): Draft {
  const [list, name, field, key] = parsePath(problem.where?.path ?? '').map(String)
  const part = draft.parts.find((candidate) => listKeys[candidate.kind] === list && candidate.name === name)
  if (!part || field === undefined || !(field in part.spec)) return draft
  const note: Note = {
    kind: 'lost',
    file: part.at.file,
    line: part.at.line,
    path: problem.where?.path ?? '',
    what: `${[field, key].filter((step) => step !== undefined).join('.')} of ${part.name} is not what the catalog takes: ${problem.message}`,
    instead: `Write \`${field}\`.`,
  }
  const spec = { ...part.spec }
  const inner = spec[field]
  if (field === 'env' && key !== undefined && typeof inner === 'object' && inner !== null)
    spec.env = Object.fromEntries(Object.entries(inner).filter(([name]) => name !== key))
  else delete spec[field]
  const mended: DraftPart = {
    ...part,
    spec,
    remarks: { ...part.remarks, '': [...(part.remarks[''] ?? []), note.what] },
  }
  return { ...draft, parts: draft.parts.map((one) => (one === part ? mended : one)), notes: [...draft.notes, note] }
}
