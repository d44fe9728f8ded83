import { setTimeout as sleep } from 'node:timers/promises'
import { clusterProblem } from '../problem-codes.ts'

/** How long and how often something is asked for. */
export interface UntilOptions {
  /** ms; default 60000. */
  readonly timeoutMs?: number
  /** ms between two questions; default 100. */
  readonly everyMs?: number
  /** Appended to the problem when the wait ends, such as the tail of a log. */
  readonly explain?: () => string
}

/** Asks again and again until the answer is neither undefined nor false, and returns it. Throws SWC004. */
export async function until<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined | false>,
  options: UntilOptions = {},
): Promise<Answer> {
  const timeoutMs = options.timeoutMs ?? 60_000
  const end = performance.now() + timeoutMs
  let last: unknown
  do {
    try {
      const answer = await ask()
      if (answer !== undefined && answer !== false) return answer
    } catch (error) {
      last = error
    }
    await sleep(options.everyMs ?? 100)
  } while (performance.now() < end)
  const because = last instanceof Error ? ` Last error: ${last.message}` : ''
  const explained = options.explain ? `\n${options.explain()}` : ''
  throw clusterProblem({
    code: 'SWC004',
    message: `Waited ${timeoutMs / 1000} s for ${what}.${because}${explained}`,
    cause: last,
  })
}
