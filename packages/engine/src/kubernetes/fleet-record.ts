import { gunzipSync, gzipSync } from 'node:zlib'
import type { Desired } from '../machine/desired/desired.ts'
import type { KubernetesApi, LiveObject } from './api/api-client.ts'

const kind = { apiVersion: 'v1', kind: 'ConfigMap' }

/** Name of the object that holds what is wanted. */
export const recordName = 'seaworthy-fleet'

/**
 * What is wanted of a fleet, kept in the cluster itself (a ConfigMap, compressed), so that any controller, or a person's
 * command line, goes on from the same value. Changes are made on the version read: of two at once, one begins again.
 */
export class FleetRecord {
  readonly #api: KubernetesApi
  readonly #namespace: string
  #held: { readonly object: LiveObject; readonly desired: Desired } | undefined

  constructor(api: KubernetesApi, namespace: string) {
    this.#api = api
    this.#namespace = namespace
  }

  /** The newest value in the cluster; undefined before the first `apply`. */
  async read(): Promise<Desired | undefined> {
    const object = await this.#api.get(kind, this.#namespace, recordName)
    const packed = (object?.binaryData as { fleet?: string } | undefined)?.fleet
    this.#held = undefined
    if (!object || packed === undefined) return undefined
    const desired = JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString('utf8')) as Desired
    this.#held = { object, desired }
    return desired
  }

  /** Changes the value: `change` is called with the newest one, again when somebody else was faster. Returns what was written. */
  async change(change: (desired: Desired | undefined) => Desired): Promise<Desired> {
    for (let tries = 0; ; tries++) {
      const before = await this.read()
      const after = change(before)
      if (before === after) return after
      const binaryData = { fleet: gzipSync(JSON.stringify(after)).toString('base64') }
      const metadata = {
        name: recordName,
        namespace: this.#namespace,
        labels: { 'app.kubernetes.io/managed-by': 'seaworthy', 'app.kubernetes.io/part-of': after.fleet.name },
      }
      try {
        if (this.#held) await this.#api.replace({ ...this.#held.object, binaryData })
        else if ((await this.#api.create({ ...kind, metadata, binaryData })) === undefined) continue
        return after
      } catch (error) {
        if ((error as { code?: string }).code !== 'SW4042' || tries >= 10) throw error
      }
    }
  }
}
