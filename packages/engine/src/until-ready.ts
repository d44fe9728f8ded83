import { Problem } from '@seaworthy/model'
import type { Engine } from './contract.ts'
import type { ReplicaView } from './contract-state.ts'

/** What to wait for. */
export interface UntilReady {
  readonly service: string
  readonly version: string
  /** Ready replicas that suffice. */
  readonly replicas: number
  /** Ends the wait; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

/**
 * Waits until a version has that many ready replicas, and returns them. Works with every engine.
 * Throws SW4006 when a replica fails for good or is crash-looping: waiting on would not help.
 */
export async function untilReady(engine: Engine, wanted: UntilReady): Promise<readonly ReplicaView[]> {
  const enough = new AbortController()
  const signal = wanted.signal ? AbortSignal.any([wanted.signal, enough.signal]) : enough.signal
  const replicas = new Map<string, ReplicaView>()
  let synced = false
  try {
    for await (const seen of engine.observe(signal)) {
      if (seen.kind === 'synced') synced = true
      else if (seen.replica.service === wanted.service && seen.replica.version === wanted.version) {
        replicas.set(seen.replica.replica, seen.replica)
        if (seen.replica.phase === 'failed' || seen.replica.phase === 'crash-looping') throw hopeless(seen.replica)
      }
      const ready = [...replicas.values()].filter((replica) => replica.phase === 'ready')
      if (synced && ready.length >= wanted.replicas) return ready
    }
  } finally {
    enough.abort()
  }
  wanted.signal?.throwIfAborted()
  throw new Problem({
    code: 'SW4007',
    message: `The engine stopped observing before ${wanted.service}@${wanted.version} had ${wanted.replicas} ready replicas.`,
    hint: 'Ask again once the controller runs.',
  })
}

function hopeless(replica: ReplicaView): Problem {
  return new Problem({
    code: 'SW4006',
    message: `${replica.service}@${replica.version} cannot become ready: ${replica.replica} is ${replica.phase}${replica.reason ? ` (${replica.reason})` : ''}.`,
    where: { path: `services.${replica.service}` },
    hint: `Read its output with \`seaworthy logs ${replica.service}\`, mend it and release again.`,
  })
}
