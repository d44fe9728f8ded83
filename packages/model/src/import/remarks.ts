import type { DraftPart } from './draft.ts'
import type { Note } from './note.ts'
import { ownValue } from './own-value.ts'

const fields: Readonly<Record<string, string>> = {
  volumes: 'storage',
  environment: 'env',
  env_file: 'env',
  ports: 'port',
  deploy: 'gpu',
  gpus: 'gpu',
  command: 'run',
}

/** Puts into the config what needs a person's eye there: what was lost, and what was guessed beside its field. */
export function remarked(
  parts: readonly DraftPart[],
  notes: readonly Note[],
  origins: readonly { readonly key: string; readonly ref: { readonly kind: string; readonly name: string } }[],
): readonly DraftPart[] {
  return parts.map((part) => {
    const key = origins.find((origin) => origin.ref.name === part.name && origin.ref.kind === part.kind)?.key
    if (key === undefined) return part
    const remarks: Record<string, string[]> = {}
    for (const note of notes) {
      const [top, name, field = ''] = note.path.split('.')
      if (top !== 'services' || name !== key) continue
      const isLost = note.kind === 'lost'
      const place = ownValue(fields, field) ?? field
      if (!isLost && (note.kind !== 'guessed' || !Object.hasOwn(part.spec, place))) continue
      const text = isLost
        ? `Not carried over (${note.file}:${note.line}): ${note.what}. ${note.instead}`.trim()
        : `Guessed: ${note.what}.`
      const list = ownValue(remarks, isLost ? '' : place) ?? []
      if (!list.includes(text)) list.push(text)
      remarks[isLost ? '' : place] = list
    }
    return Object.keys(remarks).length > 0 ? { ...part, remarks } : part
  })
}
