import { join } from 'node:path'
import { startServiceProcess } from '../service-process.ts'
import type { SubjectKind } from '../subject.ts'

/** Controls: a service with one injected fault each, which must be convicted of just that. */
export const brokenServices: readonly SubjectKind[] = [
  { bug: 'error:0.02', of: ['server error'] },
  { bug: 'double:0.02', of: ['applied twice'] },
  { bug: 'forget:0.02', of: ['not applied'] },
  { bug: 'cross:0.02', of: ['wrong answer'] },
  { bug: 'reset:0.02', of: ['lost'] },
  { bug: 'truncate:0.02', of: ['lost'] },
  { bug: 'hang:0.02', of: ['lost'] },
].map(({ bug, of }) => ({
  name: `broken-${bug.split(':')[0]}`,
  what: `one service with BUG=${bug}`,
  expected: { kind: 'convicted', of },
  control: true,
  start: async (directory, seed) => {
    const ledger = join(directory, 'ledger')
    const service = await startServiceProcess({ LEDGER: ledger, BUG: bug, SEED: String(seed) })
    return {
      url: service.url,
      ledger,
      policies: [],
      resend: 'never',
      disturbances: [],
      injected: async () =>
        ((await (await fetch(`${service.url}/stats`)).json()) as { readonly injected: number }).injected,
      [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
    }
  },
}))
