import type { KubernetesObject } from '@seaworthy/render'
import { Agent, request } from 'undici'
import { engineProblem } from '../../problem-codes.ts'
import { ApiFailure, type Status } from './api-failure.ts'
import { Discovery, unknownKind } from './discovery.ts'
import type { ClusterAccess } from './kubeconfig.ts'

/** Name under which this product owns the fields that it writes. */
export const fieldManager = 'seaworthy'

/** An object as the API server gives it back. */
export interface LiveObject extends KubernetesObject {
  readonly metadata: KubernetesObject['metadata'] & {
    readonly uid: string
    readonly resourceVersion: string
    readonly creationTimestamp: string
    readonly deletionTimestamp?: string
    readonly generation?: number
  }
}

/** One event of a watch. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'
  readonly object: LiveObject
}

/** A kind of object, by API version and name. */
export interface Kind {
  readonly apiVersion: string
  readonly kind: string
}

interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly type?: string
  readonly signal?: AbortSignal
}

/** The Kubernetes API, as much of it as the engine uses: read, watch, server-side apply, delete. */
export class KubernetesApi implements AsyncDisposable {
  readonly access: ClusterAccess
  readonly #agent: Agent
  readonly #discovery: Discovery

  constructor(access: ClusterAccess) {
    this.access = access
    const { ca, cert, key, insecure } = access
    this.#agent = new Agent({
      connections: 16,
      connect: {
        rejectUnauthorized: !insecure,
        ...(ca !== undefined && { ca }),
        ...(cert !== undefined && { cert }),
        ...(key !== undefined && { key }),
      },
      // A watch may be silent for as long as nothing happens.
      bodyTimeout: 0,
      headersTimeout: 60_000,
    })
    this.#discovery = new Discovery((path) => this.call({ method: 'GET', path }))
  }

  /** One object, or undefined. */
  async get(kind: Kind, namespace: string | undefined, name: string): Promise<LiveObject | undefined> {
    const path = await this.#path(kind, namespace, name)
    return this.call<LiveObject>({ method: 'GET', path }).catch((error: unknown) => {
      if (error instanceof ApiFailure && error.status === 404) return undefined
      throw error
    })
  }

  /** Objects of a kind, with the version of the list to watch from. */
  async list(
    kind: Kind,
    namespace: string | undefined,
    labelSelector?: string,
  ): Promise<{ readonly items: readonly LiveObject[]; readonly resourceVersion: string }> {
    const path = await this.#path(kind, namespace)
    const answer = await this.call<{ items: LiveObject[]; metadata: { resourceVersion: string } }>({
      method: 'GET',
      path,
      ...(labelSelector !== undefined && { query: { labelSelector } }),
    })
    // Items of a list come without their kind.
    return {
      items: (answer.items ?? []).map((item) => ({ ...item, ...kind })),
      resourceVersion: answer.metadata.resourceVersion,
    }
  }

  /** Server-side apply under our field manager. Throws SW4041 with the owners of fields that are in conflict. */
  async apply(
    object: KubernetesObject,
    options: { readonly force?: boolean; readonly dryRun?: boolean } = {},
  ): Promise<LiveObject> {
    const path = await this.#path(object, object.metadata.namespace, object.metadata.name)
    const query = {
      fieldManager,
      fieldValidation: 'Strict',
      force: String(options.force ?? false),
      ...(options.dryRun && { dryRun: 'All' }),
    }
    return this.call<LiveObject>({
      method: 'PATCH',
      path,
      query,
      body: object,
      type: 'application/apply-patch+yaml',
    }).catch((error: unknown) => {
      // A definition may be taken away any moment, too.
      if (!(error instanceof ApiFailure) || error.status !== 404 || !/requested resource/.test(error.message))
        throw error
      this.#discovery.forget(object)
      throw unknownKind(object)
    })
  }

  /** Creates an object; undefined when it is there already. */
  async create(object: KubernetesObject): Promise<LiveObject | undefined> {
    const path = await this.#path(object, object.metadata.namespace)
    return this.call<LiveObject>({ method: 'POST', path, query: { fieldManager }, body: object }).catch(
      (error: unknown) => {
        if (error instanceof ApiFailure && error.reason === 'AlreadyExists') return undefined
        throw error
      },
    )
  }

  /** Replaces an object that is still at the version read. Throws SW4042 when somebody else was faster. */
  async replace(object: LiveObject): Promise<LiveObject> {
    const path = await this.#path(object, object.metadata.namespace, object.metadata.name)
    return this.call({ method: 'PUT', path, query: { fieldManager }, body: object })
  }

  /** Changes some fields (RFC 7396). */
  async merge(kind: Kind, namespace: string | undefined, name: string, patch: object): Promise<LiveObject> {
    const path = await this.#path(kind, namespace, name)
    return this.call({
      method: 'PATCH',
      path,
      query: { fieldManager },
      body: patch,
      type: 'application/merge-patch+json',
    })
  }

  /** Deletes an object with all that it owns; nothing to do when it is gone. */
  async delete(
    kind: Kind,
    namespace: string | undefined,
    name: string,
    options: { readonly graceSeconds?: number } = {},
  ): Promise<void> {
    const path = await this.#path(kind, namespace, name)
    const { graceSeconds } = options
    const query = {
      propagationPolicy: 'Background',
      ...(graceSeconds !== undefined && { gracePeriodSeconds: String(graceSeconds) }),
    }
    await this.call({ method: 'DELETE', path, query }).catch((error: unknown) => {
      if (!(error instanceof ApiFailure) || error.status !== 404) throw error
    })
  }

  /** Changes of a kind from a version on, until the server ends the watch or the signal aborts. */
  async *watch(
    kind: Kind,
    namespace: string | undefined,
    from: string,
    labelSelector: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<WatchEvent> {
    const path = await this.#path(kind, namespace)
    const query = {
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: from,
      timeoutSeconds: '300',
      ...(labelSelector !== undefined && { labelSelector }),
    }
    const answer = await this.#send({ method: 'GET', path, query, signal })
    if (answer.statusCode !== 200) throw await failureOf(answer.statusCode, await answer.body.text(), path)
    let rest = ''
    for await (const chunk of answer.body.setEncoding('utf8')) {
      const lines = (rest + String(chunk)).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) if (line !== '') yield JSON.parse(line) as WatchEvent
    }
  }

  /** One request of the API by its path. */
  async call<T>(call: Call): Promise<T> {
    const answer = await this.#send(call)
    const text = await answer.body.text()
    if (answer.statusCode >= 400) throw await failureOf(answer.statusCode, text, call.path)
    return JSON.parse(text) as T
  }

  /** An answer that is not JSON, such as a log. */
  async text(path: string, query: Readonly<Record<string, string>> = {}): Promise<string> {
    const answer = await this.#send({ method: 'GET', path, query })
    const text = await answer.body.text()
    if (answer.statusCode >= 400) throw await failureOf(answer.statusCode, text, path)
    return text
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy()
  }

  async #send({ method, path, query, body, type, signal }: Call): Promise<Awaited<ReturnType<typeof request>>> {
    const token = await this.access.token?.()
    try {
      return await request(`${this.access.server}${path}`, {
        method,
        dispatcher: this.#agent,
        headers: {
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': type ?? 'application/json' }),
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        ...(query && { query }),
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(signal && { signal }),
      })
    } catch (cause) {
      if (signal?.aborted) throw signal.reason
      throw engineProblem({
        code: 'SW4043',
        message: `The API server ${this.access.server} does not answer: ${(cause as Error).message}.`,
        hint: 'See that it runs and that the kubeconfig is right: `kubectl version`.',
        cause,
      })
    }
  }

  async #path(kind: Kind, namespace: string | undefined, name?: string): Promise<string> {
    const { resource, namespaced } = await this.#discovery.find(kind)
    const group = kind.apiVersion.includes('/') ? `/apis/${kind.apiVersion}` : `/api/${kind.apiVersion}`
    const place = namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : ''
    return `${group}${place}/${resource}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`
  }
}

async function failureOf(status: number, text: string, path: string): Promise<ApiFailure> {
  try {
    return new ApiFailure(JSON.parse(text) as Status, path)
  } catch {
    return new ApiFailure({ code: status, reason: '', message: text.slice(0, 200) }, path)
  }
}
