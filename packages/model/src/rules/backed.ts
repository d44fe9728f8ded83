import type { PathStep } from '../catalog-path.ts'
import type { Backup, Storage } from '../resolved.generated.ts'
import type { Context } from './context.ts'

/** Something that holds data and may be backed up. */
export interface Backed {
  readonly kind: 'postgres' | 'redis' | 'volume'
  readonly name: string
  readonly storage: Storage
  readonly backup: Backup | undefined
  /** Whether someone else runs the server. */
  readonly elsewhere: boolean
  readonly path: readonly PathStep[]
}

/** Everything in the fleet that holds data of its own. */
export function* dataOf({ fleet }: Context): Iterable<Backed> {
  for (const [name, part] of Object.entries(fleet.postgres)) yield backed('postgres', name, part, 'postgres')
  for (const [name, part] of Object.entries(fleet.redis)) yield backed('redis', name, part, 'redis')
  for (const [name, part] of Object.entries(fleet.volumes)) yield backed('volume', name, part, 'volumes')
}

function backed(
  kind: Backed['kind'],
  name: string,
  part: { readonly storage: Storage; readonly backup?: Backup; readonly url?: string },
  key: string,
): Backed {
  return {
    kind,
    name,
    storage: part.storage,
    backup: part.backup,
    elsewhere: part.url !== undefined,
    path: [key, name],
  }
}

/** Longest time, ms, between two moments whose data survive, and the field that says so; undefined without backups. */
export function backupInterval(
  backup: Backup,
  kind: Backed['kind'],
  context: Context,
): { readonly interval: number; readonly field: 'archiveEvery' | 'every' | 'schedule' } | undefined {
  if (backup.continuous && kind === 'postgres') return { interval: backup.archiveEvery, field: 'archiveEvery' }
  if (backup.every !== undefined) return { interval: backup.every, field: 'every' }
  if (backup.schedule !== undefined) {
    return { interval: context.calendar.longestGap(backup.schedule), field: 'schedule' }
  }
  return undefined
}
