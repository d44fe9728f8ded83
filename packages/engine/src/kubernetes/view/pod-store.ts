import { setTimeout as wait } from 'node:timers/promises'
import type { KubernetesApi } from '../api/api-client.ts'
import type { Pod } from './pod-view.ts'

const podKind = { apiVersion: 'v1', kind: 'Pod' }

/** All pods of a fleet, kept current by a watch; listeners hear of every change. */
export class PodStore {
  readonly #api: KubernetesApi
  readonly #namespace: string
  readonly #selector: string
  readonly #pods = new Map<string, Pod>()
  readonly #listeners = new Set<(pod: Pod, gone: boolean) => void>()
  readonly #end = new AbortController()
  readonly #synced = Promise.withResolvers<void>()
  #following: Promise<void> = Promise.resolve()

  constructor(api: KubernetesApi, namespace: string, selector: string) {
    this.#api = api
    this.#namespace = namespace
    this.#selector = selector
  }

  /** Begins to follow. Resolves when all pods there are have been read. */
  async start(): Promise<void> {
    this.#following = this.#follow()
    await this.#synced.promise
  }

  async stop(): Promise<void> {
    this.#end.abort()
    await this.#following
  }

  all(): readonly Pod[] {
    return [...this.#pods.values()]
  }

  /** Calls back on every change from now on; call the result to stop. */
  listen(listener: (pod: Pod, gone: boolean) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  async #follow(): Promise<void> {
    const { signal } = this.#end
    while (!signal.aborted) {
      try {
        const { items, resourceVersion } = await this.#api.list(podKind, this.#namespace, this.#selector)
        this.#replace(items as unknown as readonly Pod[])
        this.#synced.resolve()
        let from = resourceVersion
        // A watch that ends in order is taken up again where it ended; any fault begins with a list.
        for (;;) {
          for await (const event of this.#api.watch(podKind, this.#namespace, from, this.#selector, signal)) {
            if (event.type === 'ERROR') throw new Error('the watch is too old')
            from = event.object.metadata.resourceVersion
            if (event.type !== 'BOOKMARK') this.#set(event.object as unknown as Pod, event.type === 'DELETED')
          }
        }
      } catch {
        await wait(500, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  #replace(pods: readonly Pod[]): void {
    const names = new Set(pods.map((pod) => pod.metadata.name))
    for (const pod of this.all()) if (!names.has(pod.metadata.name)) this.#set(pod, true)
    for (const pod of pods) this.#set(pod, false)
  }

  #set(pod: Pod, gone: boolean): void {
    if (gone) this.#pods.delete(pod.metadata.name)
    else this.#pods.set(pod.metadata.name, pod)
    for (const listener of this.#listeners) listener(pod, gone)
  }
}
