import { setTimeout as wait } from 'node:timers/promises'
import type { Kind, KubernetesApi, LiveObject } from '../api/api-client.ts'

/** All objects of a kind in a namespace, kept current by a watch; the listener hears of every change. */
export class ObjectStore<T extends LiveObject> {
  readonly #api: KubernetesApi
  readonly #kind: Kind
  readonly #namespace: string
  readonly #selector: string | undefined
  readonly #objects = new Map<string, T>()
  readonly #changed: (object: T, gone: boolean) => void
  readonly #end = new AbortController()
  #following: Promise<void> = Promise.resolve()

  constructor(
    api: KubernetesApi,
    kind: Kind,
    namespace: string,
    selector: string | undefined,
    changed: (object: T, gone: boolean) => void,
  ) {
    this.#api = api
    this.#kind = kind
    this.#namespace = namespace
    this.#selector = selector
    this.#changed = changed
  }

  /** Reads all there are, and follows them from there. Throws what the first reading throws. */
  async start(): Promise<void> {
    this.#following = this.#follow(await this.#list())
  }

  /** Ends the watch. */
  async stop(): Promise<void> {
    this.#end.abort()
    await this.#following
  }

  /** Everything there is now. */
  all(): readonly T[] {
    return [...this.#objects.values()]
  }

  /** One by its name. */
  get(name: string): T | undefined {
    return this.#objects.get(name)
  }

  async #follow(first: string): Promise<void> {
    const { signal } = this.#end
    let from: string | undefined = first
    while (!signal.aborted) {
      try {
        from ??= await this.#list()
        // A watch that ends in order is taken up again where it ended; any fault begins with a list.
        for await (const event of this.#api.watch(this.#kind, this.#namespace, from, this.#selector, signal)) {
          if (event.type === 'ERROR') throw new Error('the watch is too old')
          from = event.object.metadata.resourceVersion
          if (event.type !== 'BOOKMARK') this.#set(event.object as T, event.type === 'DELETED')
        }
      } catch {
        from = undefined
        await wait(200, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  async #list(): Promise<string> {
    const { items, resourceVersion } = await this.#api.list(this.#kind, this.#namespace, this.#selector)
    const names = new Set(items.map(({ metadata }) => metadata.name))
    for (const object of this.all()) if (!names.has(object.metadata.name)) this.#set(object, true)
    for (const object of items as readonly T[]) this.#set(object, false)
    return resourceVersion
  }

  #set(object: T, gone: boolean): void {
    if (gone) this.#objects.delete(object.metadata.name)
    else this.#objects.set(object.metadata.name, object)
    this.#changed(object, gone)
  }
}
