/** Asks one dependency whether it can be used; throws when not. */
export type Check = (signal: AbortSignal) => Promise<unknown>

/** What all checks said. */
export interface CheckReport {
  readonly ok: boolean
  readonly checks: Readonly<Record<string, 'ok' | string>>
}

/**
 * Readiness of a service from the checks of its dependencies. Answers are kept for `cacheMs` (default 1,000 ms), so that
 * probes from many sides cost one question; a check has `timeoutMs` (default 1,000 ms).
 */
export function createChecks(
  checks: Readonly<Record<string, Check>>,
  options: { readonly cacheMs?: number; readonly timeoutMs?: number; readonly now?: () => number } = {},
): () => Promise<CheckReport> {
  const { cacheMs = 1_000, timeoutMs = 1_000, now = () => performance.now() } = options
  let last: { at: number; report: Promise<CheckReport> } | undefined

  async function ask(check: Check): Promise<string> {
    const signal = AbortSignal.timeout(timeoutMs)
    const late = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error(`no answer within ${timeoutMs} ms`)), { once: true })
    })
    try {
      await Promise.race([check(signal), late])
      return 'ok'
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

  async function askAll(): Promise<CheckReport> {
    const answers = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await ask(check)] as const),
    )
    return { ok: answers.every(([, answer]) => answer === 'ok'), checks: Object.fromEntries(answers) }
  }

  return () => {
    if (!last || now() - last.at >= cacheMs) last = { at: now(), report: askAll() }
    return last.report
  }
}
