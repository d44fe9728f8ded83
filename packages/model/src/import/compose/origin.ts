import type { DraftRef } from '../draft.ts'
import type { ServedFrame } from './frame.ts'

/** Where a part of a draft comes from: what a move has to know of the running Compose service. */
export interface ComposeOrigin {
  readonly ref: DraftRef
  /** Name of the service in the Compose file. */
  readonly key: string
  readonly image?: string
  /** Named volumes and where they were mounted. */
  readonly volumes: readonly { readonly volume: string; readonly target: string }[]
  /** Folders of the host that were mounted, with what is in them. */
  readonly folders: readonly { readonly source: string; readonly target: string }[]
  /** Ports of the machine that it was reached on. */
  readonly published: readonly number[]
  readonly user?: string
  readonly database?: string
}

/** The origin of a service. */
export function originOf(frame: ServedFrame): ComposeOrigin {
  const value = (pattern: RegExp): string | undefined =>
    frame.env.find((variable) => pattern.test(variable.name))?.value
  const user = value(/^(POSTGRES_USER|POSTGRESQL_USERNAME)$/)
  const database = value(/^(POSTGRES_DB|POSTGRESQL_DATABASE)$/) ?? user
  return {
    ref: frame.ref,
    key: frame.key,
    ...(frame.image !== undefined && { image: frame.image }),
    volumes: frame.mounts.flatMap((mount) =>
      mount.type === 'volume' && mount.source !== undefined ? [{ volume: mount.source, target: mount.target }] : [],
    ),
    folders: frame.mounts.flatMap((mount) =>
      mount.type === 'bind' && mount.source !== undefined && !mount.readOnly
        ? [{ source: mount.source, target: mount.target }]
        : [],
    ),
    published: frame.publishedPorts,
    ...(user !== undefined && { user }),
    ...(database !== undefined && { database }),
  }
}
