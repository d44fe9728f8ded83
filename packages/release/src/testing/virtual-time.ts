/** A clock that only moves when everything waits for it: a run of hours takes milliseconds, and the same seed gives the same run. */
export interface VirtualTime {
  readonly now: () => number
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** Lets time pass until the condition holds; throws after `limitMs` of virtual time. */
  readonly until: (condition: () => boolean | Promise<boolean>, limitMs?: number) => Promise<void>
}

interface Sleeper {
  readonly at: number
  readonly wake: () => void
}

/** Makes a clock that stands at `start`. */
export function virtualTime(start = 1_800_000_000_000): VirtualTime {
  let time = start
  const sleepers = new Set<Sleeper>()

  async function settle(): Promise<void> {
    // A macrotask turn lets every promise that can go on go on.
    for (let i = 0; i < 3; i++) await new Promise<void>((resolve) => setImmediate(resolve))
  }

  return {
    now: () => time,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason)
        const sleeper: Sleeper = { at: time + ms, wake: resolve }
        sleepers.add(sleeper)
        signal.addEventListener('abort', () => {
          sleepers.delete(sleeper)
          reject(signal.reason)
        })
      }),
    async until(condition, limitMs = 24 * 3_600_000) {
      const end = time + limitMs
      for (;;) {
        await settle()
        if (await condition()) return
        const next = [...sleepers].sort((a, b) => a.at - b.at)[0]
        if (!next || next.at > end)
          throw new Error(next ? `not within ${limitMs} ms of virtual time` : 'nothing waits for time any more')
        sleepers.delete(next)
        time = next.at
        next.wake()
      }
    },
  }
}
