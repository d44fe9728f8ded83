import type { Problem } from '@seaworthy/model'
import { engineProblem } from '../../problem-codes.ts'

/** Where objects of a kind live. */
export interface Resource {
  /** Plural name, as in paths. */
  readonly resource: string
  readonly namespaced: boolean
}

interface ResourceList {
  readonly resources: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[]
}

/** What the API server knows, asked once per API version. */
export class Discovery {
  readonly #ask: (path: string) => Promise<ResourceList>
  readonly #known = new Map<string, Promise<ResourceList>>()

  constructor(ask: (path: string) => Promise<ResourceList>) {
    this.#ask = ask
  }

  /** Throws SW4048 when the server does not have the kind. */
  async find({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): Promise<Resource> {
    const path = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
    const asked = this.#known.get(path) ?? this.#ask(path)
    this.#known.set(path, asked)
    const list = await asked.catch((error: unknown) => {
      // A definition may be installed any moment: the next look asks again.
      this.#known.delete(path)
      if ((error as { status?: number }).status === 404) return undefined
      throw error
    })
    const found = list?.resources.find((resource) => resource.kind === kind && !resource.name.includes('/'))
    if (found) return { resource: found.name, namespaced: found.namespaced }
    this.#known.delete(path)
    throw unknownKind({ apiVersion, kind })
  }

  /** Asks again at the next look: the server has just said that it does not know the kind any more. */
  forget({ apiVersion }: { readonly apiVersion: string }): void {
    this.#known.delete(apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`)
  }
}

/** SW4048. */
export function unknownKind({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): Problem {
  return engineProblem({
    code: 'SW4048',
    message: `The cluster does not know ${kind} (${apiVersion}).`,
    hint: 'Install what defines it, or choose another in the environment: `ingress`, `autoscaler`, `secrets`, `monitoring.operator`.',
  })
}
