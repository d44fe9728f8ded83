import type { DraftPart, DraftRef } from '../draft.ts'
import type { Notes } from '../note.ts'
import type { PartNames } from '../part-names.ts'
import type { Section } from '../section.ts'
import type { ServedFrame } from './frame.ts'
import { uncarriedVolumeKeys } from './uncarried.ts'

/** The volumes that several replicas share, as resources; all others become disks of their service. */
export interface Volumes {
  readonly parts: readonly DraftPart[]
  shared(name: string): DraftRef | undefined
}

/** Reads the top-level `volumes` and sees which of them more than one replica mounts. */
export function readVolumes(
  volumes: Section | undefined,
  frames: readonly ServedFrame[],
  names: PartNames,
  notes: Notes,
): Volumes {
  for (const name of volumes?.keys ?? []) {
    const volume = volumes?.section(name)
    if (volume?.peek('driver') === 'local') volume.take('driver')
    if (volume?.peek('external') === 'false') volume.take('external')
    volume?.close(notes, uncarriedVolumeKeys)
  }
  const users = new Map<string, ServedFrame[]>()
  for (const frame of frames) {
    if (frame.ref.kind !== 'service' && frame.ref.kind !== 'job') continue
    for (const mount of frame.mounts)
      if (mount.type === 'volume' && mount.source !== undefined)
        users.set(mount.source, [...(users.get(mount.source) ?? []), frame])
  }
  const shared = new Map<string, DraftPart>()
  for (const [name, mounted] of users) {
    const replicas = mounted.some((frame) => Number(frame.deployment.spec.replicas ?? 1) > 1)
    if (new Set(mounted).size < 2 && !replicas && mounted.every((frame) => frame.ref.kind === 'service')) continue
    const at = volumes?.has(name) ? volumes.placeOf(name) : (mounted[0]?.at ?? { file: '', line: 1 })
    const access = replicas || new Set(mounted).size > 1 ? { size: '10Gi', access: 'many' } : '10Gi'
    shared.set(name, {
      kind: 'volume',
      name: names.take(name, 'files'),
      spec: { storage: access },
      remarks: {},
      at,
    })
    notes.guessed(
      at,
      `volumes.${name}`,
      `Compose does not say how large ${name} may grow; 10Gi was written`,
      'Correct `storage`, and say how it is backed up.',
    )
  }
  return {
    parts: [...shared.values()],
    shared(name) {
      const part = shared.get(name)
      return part && { kind: 'volume', name: part.name }
    },
  }
}
