import { describe } from '../machine/instruction.ts'
import { isOver } from '../machine/release-state.ts'
import type { Releases } from '../machine/releases.ts'
import type { ReleaseSight } from '../machine/runner.ts'

/** First where a release stands, then everything that happens to it, until it is over or the signal aborts. */
export async function* followRelease(
  releases: Releases,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<ReleaseSight> {
  const first = await releases.find(name)
  const waiting: ReleaseSight[] = []
  let wake = Promise.withResolvers<void>()
  const stop = releases.watch((sight) => {
    if ((sight.kind === 'state' ? sight.state.id : sight.release) !== first.id) return
    waiting.push(sight)
    wake.resolve()
  })
  const aborted = (): void => wake.resolve()
  signal.addEventListener('abort', aborted)
  try {
    // Asked again now that nothing can be missed.
    const now = await releases.find(first.id)
    yield { kind: 'state', state: now }
    const instruction = now.program[now.at]
    if (isOver(now.phase)) return
    if (instruction) yield { kind: 'doing', release: now.id, at: now.at, text: describe(instruction) }
    while (!signal.aborted) {
      await wake.promise
      wake = Promise.withResolvers()
      for (const sight of waiting.splice(0)) {
        yield sight
        if (sight.kind === 'state' && isOver(sight.state.phase)) return
      }
    }
  } finally {
    signal.removeEventListener('abort', aborted)
    stop()
  }
}
