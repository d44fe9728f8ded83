import type { Notes } from '../note.ts'
import type { ServedFrame } from './frame.ts'

const capacity = [
  'deploy',
  'cpus',
  'mem_limit',
  'mem_reservation',
  'memswap_limit',
  'shm_size',
  'ulimits',
  'scale',
  'sysctls',
  'gpus',
]

/** Keys that the readers of a resource have looked at themselves. */
const read = new Set(['image', 'environment', 'env_file', 'volumes', 'tmpfs', 'command', 'ports', 'extends'])

/** Notes what a container says that a resource has no place for. */
export function noteResourceKeys(frame: ServedFrame, product: string, notes: Notes): void {
  const { section } = frame
  for (const item of section.items('ports'))
    notes.changed(
      item.at,
      `${section.path}.ports`,
      `${product} is not opened on a fixed port of the machine`,
      'Its address is injected where it is needed.',
    )
  for (const key of section.keys) {
    const at = section.placeOf(key)
    const path = `${section.path}.${key}`
    if (read.has(key)) continue
    if (capacity.includes(key))
      notes.lost(at, path, `the capacity of ${product} is not set from \`${key}\``, 'Size its machine or its operator.')
    else if (key === 'profiles')
      notes.changed(at, path, `${product} is there in every environment in which something needs it`, '')
    else notes.needless(at, path, `Seaworthy runs ${product} itself`)
  }
}

/** Notes files that are mounted into a resource other than its data. */
export function noteResourceMounts(frame: ServedFrame, data: string, instead: string, notes: Notes): void {
  for (const mount of frame.mounts) {
    const path = `${frame.section.path}.${mount.key}`
    if (mount.target.startsWith(data) || mount.target.startsWith('/bitnami')) {
      if (mount.type === 'tmpfs') notes.changed(mount.at, path, 'data are kept on disk', '')
      else
        notes.changed(
          mount.at,
          path,
          `the data in ${mount.source ?? 'the anonymous volume'} are not taken over`,
          'Dump and restore them once: see `seaworthy import compose --plan`.',
        )
    } else if (/initdb/.test(mount.target))
      notes.lost(
        mount.at,
        path,
        `the scripts of ${mount.source ?? mount.target} are not run when the database is made`,
        instead,
      )
    else
      notes.lost(
        mount.at,
        path,
        `${mount.source ?? 'a volume'} is not mounted at ${mount.target}`,
        'Write its settings into the catalog where it has them.',
      )
  }
}
