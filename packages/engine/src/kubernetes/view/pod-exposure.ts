import type { VersionExposure } from '../../contract.ts'
import { type Pod, replicaOf } from './pod-view.ts'

interface Seen {
  readonly service: string
  readonly version: string
  readonly startedAt: number
  endedAt: number | undefined
  restarts: number
  outOfMemory: number
}

/** Adds up how long the pods of each version ran and what befell them, those that are gone included. */
export class PodExposure {
  readonly #pods = new Map<string, Seen>()

  see(pod: Pod, gone: boolean): void {
    const replica = replicaOf(pod)
    if (!replica) return
    const status = pod.status?.containerStatuses?.[0]
    const known = this.#pods.get(pod.metadata.uid)
    const seen: Seen = known ?? {
      service: replica.service,
      version: replica.version,
      startedAt: Date.parse(pod.metadata.creationTimestamp),
      endedAt: undefined,
      restarts: 0,
      outOfMemory: 0,
    }
    const restarts = Math.max(seen.restarts, replica.restarts)
    if (restarts > seen.restarts && status?.lastState?.terminated?.reason === 'OOMKilled') seen.outOfMemory += 1
    seen.restarts = restarts
    if (gone) seen.endedAt = Date.now()
    this.#pods.set(pod.metadata.uid, seen)
  }

  /** `now` is ms since the Unix epoch. */
  of(service: string, now: number): readonly VersionExposure[] {
    const sums = new Map<string, VersionExposure>()
    for (const pod of this.#pods.values()) {
      if (pod.service !== service) continue
      const sum = sums.get(pod.version) ?? {
        service,
        version: pod.version,
        replicaSeconds: 0,
        readySeconds: 0,
        restarts: 0,
        outOfMemory: 0,
        hangs: 0,
        failedStarts: 0,
      }
      const seconds = Math.max(0, ((pod.endedAt ?? now) - pod.startedAt) / 1000)
      sums.set(pod.version, {
        ...sum,
        replicaSeconds: sum.replicaSeconds + seconds,
        readySeconds: sum.readySeconds + seconds,
        restarts: sum.restarts + pod.restarts,
        outOfMemory: sum.outOfMemory + pod.outOfMemory,
      })
    }
    return [...sums.values()]
  }
}
