import type { Fleet, Job, Service } from '@seaworthy/model'

/** What rendering needs besides the fleet. */
export interface RenderOptions {
  /** Image by service or job, best with a digest; what the catalog names otherwise. */
  readonly images?: Readonly<Record<string, string>>
  /** Tag for images that the catalog builds and `images` does not name. */
  readonly tag?: string
  /** Registry and folder put before the names of built images, such as `registry.example.com/team`. */
  readonly registry?: string
  /** Values of secrets, for `secrets: plain` only; without one the Secret is expected to exist. */
  readonly secretValues?: Readonly<Record<string, string>>
  /** Whether Seaworthy's controller and gateway run in the cluster: routes then lead to the gateway. */
  readonly platform?: boolean
  /** Image of Seaworthy's controller and gateway, with `platform`. */
  readonly platformImage?: string
}

/** The image that a service or job runs. */
export function imageOf(fleet: Fleet, program: Service | Job, options: RenderOptions): string {
  const given = options.images?.[program.name] ?? program.image
  if (given) return given
  const folder = options.registry ? `${options.registry}/` : ''
  return `${folder}${fleet.name}/${program.name}:${options.tag ?? 'latest'}`
}
