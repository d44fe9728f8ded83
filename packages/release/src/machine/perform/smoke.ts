import type { SmokeTest } from '@seaworthy/model'
import { splitWords } from '../command-words.ts'
import type { ReleasePorts } from '../ports.ts'
import type { ReleaseState } from '../release-state.ts'

async function ask(
  ports: ReleasePorts,
  test: SmokeTest,
  url: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(test.timeout)])
  const target = new URL(test.http ?? '/', url).href
  const response = await ports.fetch(target, { signal: within, redirect: 'manual' })
  const body = await response.text()
  if (response.status !== test.expect) return `${test.http} answered ${response.status}, not ${test.expect}`
  if (test.contains !== undefined && !body.includes(test.contains))
    return `${test.http} answered without "${test.contains}"`
  return undefined
}

async function command(
  ports: ReleasePorts,
  test: SmokeTest,
  url: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(test.timeout)])
  const result = await ports.run(splitWords(test.run ?? []), { SEAWORTHY_TARGET: url }, within)
  return result.code === 0
    ? undefined
    : `the command ended with ${result.code ?? 'an error'}: ${result.output.trim().split('\n').at(-1) ?? ''}`
}

/** Tests the new version past the gateway: HTTP questions to every ready replica, commands against the first. The first failure's reason, or undefined. */
export async function smoke(
  ports: ReleasePorts,
  state: ReleaseState,
  tests: readonly SmokeTest[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const targets = await ports.engine.preview(state.service, state.to)
  const [first] = targets
  if (!first) return `no replica of ${state.service}@${state.to} can be asked`
  for (const test of tests) {
    const name = test.name ?? test.http ?? 'command'
    for (const target of test.run === undefined ? targets : [first]) {
      const fault = await (test.run === undefined ? ask : command)(ports, test, target.url, signal).catch(
        (error: Error) => {
          signal.throwIfAborted()
          return error.name === 'TimeoutError' ? `no answer within ${test.timeout} ms` : error.message
        },
      )
      if (fault !== undefined) return `smoke test "${name}" failed on ${target.replica}: ${fault}`
    }
  }
  return undefined
}
