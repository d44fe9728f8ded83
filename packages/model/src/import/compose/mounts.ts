import type { DraftRef } from '../draft.ts'
import type { Notes } from '../note.ts'
import type { Section, Uncarried } from '../section.ts'
import { pathFrom } from '../source-files.ts'
import { type Place, textOf } from '../yaml/tree.ts'
import { type Mount, readMount } from './mount.ts'

/** A mount of a service and where it was written. */
export interface WrittenMount extends Mount {
  readonly at: Place
  /** Key of the service that it stands under. */
  readonly key: 'volumes' | 'tmpfs'
}

/** Reads `volumes` and `tmpfs`; what is no mount is noted. */
export function readMounts(service: Section, notes: Notes): readonly WrittenMount[] {
  const mounts = service.items('volumes').flatMap((entry) => {
    const mount = readMount(entry)
    if (!mount)
      notes.lost(
        entry.at,
        `${service.path}.volumes`,
        `\`${textOf(entry) ?? 'an entry'}\` is no mount`,
        'Correct the entry.',
      )
    return mount ? [{ ...mount, at: entry.at, key: 'volumes' as const }] : []
  })
  const memory = service.items('tmpfs').map((entry) => {
    const [target = '', options = ''] = (textOf(entry) ?? '').split(':')
    return {
      type: 'tmpfs' as const,
      target,
      readOnly: false,
      options: options ? [options] : [],
      at: entry.at,
      key: 'tmpfs' as const,
    }
  })
  return [...mounts, ...memory]
}

/** What a service's mounts become: disks of its own, shared volumes, and notes on the rest. */
export interface MountedDisks {
  readonly storage: Readonly<Record<string, unknown>>
  readonly needs: readonly { readonly on: DraftRef; readonly mount: string; readonly readOnly?: true }[]
}

/** Folders that hold what an image has installed. */
const installed = /\/(node_modules|\.venv|venv|vendor|\.next|target|\.cache|__pycache__)$/

/** Sorts the mounts of a service; `shared` gives the volume resource of a name that several services mount. */
export function sortMounts(
  mounts: readonly WrittenMount[],
  path: string,
  context: {
    readonly shared: (name: string) => DraftRef | undefined
    readonly buildContext: string | undefined
    /** Working directory inside the image. */
    readonly workdir: string | undefined
  },
  notes: Notes,
): MountedDisks {
  const storage: Record<string, unknown> = {}
  const needs: { on: DraftRef; mount: string; readOnly?: true }[] = []
  for (const mount of mounts) {
    const where = `${path}.${mount.key}`
    for (const option of mount.options.filter((one) =>
      /^(nocopy|z|Z|[rs]?(private|shared|slave)|cached|delegated|consistent)$/.test(one),
    ))
      notes.needless(mount.at, where, `the mount option ${option} has no counterpart`)
    if (mount.type === 'volume' && installed.test(mount.target))
      notes.needless(mount.at, where, `${mount.target} only keeps the image’s own files from being hidden`)
    else if (mount.type === 'volume' && mount.source !== undefined) {
      const volume = context.shared(mount.source)
      if (volume) needs.push({ on: volume, mount: mount.target, ...(mount.readOnly && { readOnly: true }) })
      else {
        storage[mount.target] = '10Gi'
        notes.guessed(
          mount.at,
          where,
          `Compose does not say how large ${mount.source} may grow; 10Gi was written`,
          'Correct `storage`, and say how it is backed up.',
        )
      }
    } else if (mount.type === 'volume') {
      notes.changed(
        mount.at,
        where,
        `what is written to ${mount.target} does not outlive a replica, as with an anonymous volume`,
        'Where it must last: `storage: { path: size }`.',
      )
    } else if (mount.type === 'tmpfs') {
      notes.changed(
        mount.at,
        where,
        `${mount.target} is no memory file system`,
        'Files that may go lie on the ephemeral `disk`.',
      )
    } else if (mount.type === 'bind') {
      const { kind, what, instead = '' } = uncarriedBind(mount, context)
      notes[kind](mount.at, where, what, instead)
    } else
      notes.lost(
        mount.at,
        where,
        `mounts of this kind at ${mount.target} have no counterpart`,
        'Put the files into the image.',
      )
  }
  return { storage, needs }
}

/** What is to be said of a file or folder of the host that was mounted. */
function uncarriedBind(
  mount: WrittenMount,
  { buildContext, workdir }: { readonly buildContext: string | undefined; readonly workdir: string | undefined },
): Uncarried {
  const source = mount.source ?? ''
  if (/docker\.sock$/.test(source))
    return lost(
      'the socket of the container engine is not handed to services',
      'What steers containers has no place here; the gateway finds services by itself.',
    )
  if (/^\/(etc\/(localtime|timezone)|usr\/share\/zoneinfo)/.test(source))
    return lost('the time zone of the host is not taken over', 'Set `env: { TZ: ... }`.')
  const inside = buildContext !== undefined && isWithin(pathFrom('.', source), pathFrom('.', buildContext))
  const isSource = workdir === undefined ? !looksLikeFile(source) : isWithin(mount.target, workdir)
  if (inside && isSource)
    return {
      kind: 'needless',
      what: `${source} is the service’s own source: it runs from the folder as it is, and the image holds it`,
    }
  if (/^\/(proc|sys|dev|run|var\/(run|log|lib\/docker))?(\/|$)/.test(source))
    return lost(
      `${source} of the host is not mounted at ${mount.target}`,
      'What watches a machine runs beside the fleet.',
    )
  if (looksLikeFile(source))
    return lost(
      `the file ${source} is not mounted at ${mount.target}`,
      'Copy it into the image, or write its settings under `env`.',
    )
  return lost(
    `the folder ${source} of the host is not mounted at ${mount.target}`,
    `Copy it into the image where it is only read; otherwise \`storage: { '${mount.target}': '10Gi' }\` and copy the files there once.`,
  )
}

function lost(what: string, instead: string): Uncarried {
  return { kind: 'lost', what, instead }
}

function isWithin(path: string, folder: string): boolean {
  return folder === '.'
    ? !path.startsWith('..') && !path.startsWith('/')
    : path === folder || path.startsWith(`${folder}/`)
}

function looksLikeFile(path: string): boolean {
  return /\/\.?[^/]*\.[A-Za-z0-9]+$/.test(path) && !/\.d$/.test(path)
}
