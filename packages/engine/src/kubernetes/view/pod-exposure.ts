import type { VersionExposure } from '../../contract.ts'
import { isReady, type Pod, replicaOf } from './pod-view.ts'

interface Seen {
  readonly service: string
  readonly version: string
  readonly uid: string
  readonly startedAt: number
  endedAt: number | undefined
  readySince: number | undefined
  readyMs: number
  wasReady: boolean
  restarts: number
  outOfMemory: number
  failedStarts: number
}

/**
 * Adds up how long the pods of each version ran and what befell them, those that are gone included. Kept in memory: what
 * befell pods that were gone before this process began is not known any more.
 */
export class PodExposure {
  readonly #pods = new Map<string, Seen>()

  /** Takes note of a pod as it is at `now`, ms since the Unix epoch. */
  see(pod: Pod, gone: boolean, now: number): void {
    const replica = replicaOf(pod)
    if (!replica || replica.version === '') return
    const status = pod.status?.containerStatuses?.[0]
    const seen: Seen = this.#pods.get(pod.metadata.uid) ?? {
      service: replica.service,
      version: replica.version,
      uid: pod.metadata.uid,
      startedAt: Date.parse(pod.metadata.creationTimestamp),
      endedAt: undefined,
      readySince: undefined,
      readyMs: 0,
      wasReady: false,
      restarts: 0,
      outOfMemory: 0,
      failedStarts: 0,
    }
    const more = replica.restarts - seen.restarts
    if (more > 0) {
      seen.restarts = replica.restarts
      if (status?.lastState?.terminated?.reason === 'OOMKilled') seen.outOfMemory += more
      if (!seen.wasReady) seen.failedStarts += more
    }
    const ready = !gone && isReady(pod)
    if (ready && seen.readySince === undefined) seen.readySince = seen.wasReady ? now : Math.min(now, replica.since)
    if (!ready && seen.readySince !== undefined) {
      seen.readyMs += now - seen.readySince
      seen.readySince = undefined
    }
    seen.wasReady ||= ready
    if (gone) seen.endedAt ??= now
    this.#pods.set(pod.metadata.uid, seen)
  }

  /** Sums by version; `now` is ms since the Unix epoch, `hangsOf` how often liveness ended a pod. */
  of(service: string, now: number, hangsOf: (uid: string) => number): readonly VersionExposure[] {
    const sums = new Map<string, VersionExposure>()
    for (const pod of this.#pods.values()) {
      if (pod.service !== service) continue
      const sum = sums.get(pod.version)
      const ready = pod.readyMs + (pod.readySince === undefined ? 0 : now - pod.readySince)
      sums.set(pod.version, {
        service,
        version: pod.version,
        replicaSeconds: (sum?.replicaSeconds ?? 0) + Math.max(0, ((pod.endedAt ?? now) - pod.startedAt) / 1000),
        readySeconds: (sum?.readySeconds ?? 0) + Math.max(0, ready / 1000),
        restarts: (sum?.restarts ?? 0) + pod.restarts,
        outOfMemory: (sum?.outOfMemory ?? 0) + pod.outOfMemory,
        hangs: (sum?.hangs ?? 0) + hangsOf(pod.uid),
        failedStarts: (sum?.failedStarts ?? 0) + pod.failedStarts,
      })
    }
    return [...sums.values()]
  }
}
