import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { whileDisturbed } from '@seaworthy/proof'
import { startByteProxy } from '../byte-proxy.ts'
import { type ServiceProcess, startServiceProcess } from '../service-process.ts'
import type { Subject, SubjectKind } from '../subject.ts'

const replace = 'replace the service and drain the old one'

/**
 * A control that uses every rule that clients have: a byte proxy in front of a service that is replaced again and again by a new process. The old one
 * announces `Connection: close` for 400 ms, then ends its streams, closes its WebSockets with 1012 and waits for what is in
 * progress. Since nobody between knows HTTP, the keep-alive race is open for whatever was idle, and a POST cannot be repeated.
 */
export const drainingServices: SubjectKind = {
  name: 'draining-services',
  what: 'services that drain properly behind a proxy that knows nothing of HTTP',
  expected: { kind: 'clean' },
  control: true,
  start: async (directory): Promise<Subject> => {
    const ledger = join(directory, 'ledger')
    let generation = 0
    const start = (): Promise<ServiceProcess> => {
      generation += 1
      return startServiceProcess({
        LEDGER: ledger,
        VERSION: `v${generation}`,
        DRAIN_QUIET_MS: '400',
        DRAIN_MS: '60000',
      })
    }
    let current = await start()
    const proxy = await startByteProxy(() => current.port)
    return {
      url: proxy.url,
      ledger,
      resend: 'idempotent',
      policies: [
        whileDisturbed({
          name: 'a POST that was sent on an idle connection in the moment in which the service closed it (RFC 9112 §9.5)',
          by: [replace],
          findings: ['lost'],
          idempotent: false,
          detail: /^(closed|reset) before answer .*on a used connection/,
          afterMs: 50,
        }),
      ],
      disturbances: [
        {
          name: replace,
          run: async () => {
            const next = await start()
            const old = current
            current = next
            // A connection that the proxy was just opening to the old one is let through.
            await wait(20)
            const code = await old.drain()
            if (code !== 0) throw new Error(`the old service ended with ${String(code)} instead of draining`)
          },
        },
      ],
      [Symbol.asyncDispose]: async () => {
        await proxy[Symbol.asyncDispose]()
        await current[Symbol.asyncDispose]()
      },
    }
  },
}
