import { imageProblem } from './problem-codes.ts'

/** An image's name, split as registries and runtimes read it. */
export interface ImageReference {
  /** Such as `docker.io` or `registry.example.com:5000`. */
  readonly registry: string
  /** Such as `library/hello`. */
  readonly repository: string
  /** `latest` where none is given. */
  readonly tag: string
}

const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const pattern = new RegExp(
  `^(?:(?<registry>localhost(?::\\d+)?|[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)+(?::\\d+)?|[A-Za-z0-9-]+:\\d+)/)?(?<repository>${component}(?:/${component})*)(?::(?<tag>[\\w][\\w.-]{0,127}))?$`,
)

/**
 * Reads a reference as Docker does (distribution/reference, "familiar names"): without a registry it is Docker Hub's, and
 * a single word there lies under `library/`. Throws SW6706.
 */
export function parseReference(text: string): ImageReference {
  const groups = pattern.exec(text)?.groups
  const repository = groups?.repository
  if (!repository) {
    throw imageProblem({
      code: 'SW6706',
      message: `Expected an image reference such as registry.example.com/shop/api:1.4, found ${JSON.stringify(text)}.`,
      hint: 'Use lower case, and leave the digest out: it is computed.',
    })
  }
  const registry = groups.registry ?? 'docker.io'
  const official = registry === 'docker.io' && !repository.includes('/')
  return { registry, repository: official ? `library/${repository}` : repository, tag: groups.tag ?? 'latest' }
}

/** The full form, such as `docker.io/library/hello:latest`. */
export function formatReference(reference: ImageReference): string {
  return `${reference.registry}/${reference.repository}:${reference.tag}`
}
