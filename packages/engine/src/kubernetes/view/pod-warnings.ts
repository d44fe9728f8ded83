import type { LiveObject } from '../api/api-client.ts'

/** An event as the API gives it. */
export interface ClusterEvent extends LiveObject {
  readonly reason?: string
  readonly message?: string
  readonly type?: string
  readonly involvedObject?: { readonly kind?: string; readonly uid?: string }
}

/** What the cluster last complained of each pod, and how often liveness ended it. */
export class PodWarnings {
  readonly #last = new Map<string, string>()
  readonly #hangs = new Map<string, Set<string>>()

  /** Takes note of an event. */
  see({ involvedObject, type, reason, message, metadata }: ClusterEvent): void {
    const uid = involvedObject?.uid
    if (uid === undefined || involvedObject?.kind !== 'Pod') return
    if (type === 'Warning' && message) this.#last.set(uid, message.replaceAll(/\s+/g, ' ').trim())
    if (reason === 'Killing' && message?.includes('failed liveness probe'))
      this.#hangs.set(uid, (this.#hangs.get(uid) ?? new Set()).add(metadata.uid))
  }

  /** The last complaint about a pod. */
  of(uid: string): string | undefined {
    return this.#last.get(uid)
  }

  /** Times that liveness ended a pod's program. */
  hangsOf(uid: string): number {
    return this.#hangs.get(uid)?.size ?? 0
  }

  /** Forgets a pod that is gone. */
  forget(uid: string): void {
    this.#last.delete(uid)
  }
}
