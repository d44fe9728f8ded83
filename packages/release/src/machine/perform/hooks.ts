import type { Service } from '@seaworthy/model'
import { splitWords } from '../command-words.ts'
import type { HookMoment } from '../instruction.ts'
import type { ReleasePorts } from '../ports.ts'
import type { ReleaseState } from '../release-state.ts'

/** Runs the hooks of a moment in order. The first failure's reason, or undefined. */
export async function runHooks(
  ports: ReleasePorts,
  state: ReleaseState,
  service: Service,
  when: HookMoment,
  step: number | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const hook of service.rollout.hooks.filter((each) => each.when === when)) {
    const env = {
      SEAWORTHY_RELEASE: state.id,
      SEAWORTHY_STEP: String(step ?? ''),
      SEAWORTHY_VERSION: state.to,
      SEAWORTHY_SERVICE: state.service,
    }
    const words = splitWords(hook.run)
    const result = await ports
      .run(words, env, AbortSignal.any([signal, AbortSignal.timeout(hook.timeout)]))
      .catch((error: Error) => {
        signal.throwIfAborted()
        return {
          code: null,
          output: error.name === 'TimeoutError' ? `no end within ${hook.timeout} ms` : error.message,
        }
      })
    if (result.code !== 0)
      return `hook ${when} (${words.join(' ')}) ended with ${result.code ?? 'no code'}: ${result.output.trim().split('\n').at(-1) ?? ''}`
  }
  return undefined
}
