import { join } from 'node:path'
import { startByteProxy } from '../byte-proxy.ts'
import { startServiceProcess } from '../service-process.ts'
import type { Subject, SubjectKind } from '../subject.ts'

/**
 * A control in two forms: a byte proxy in front of two versions that is told to swap them. The lossy one does what a careless reload does
 * and cuts every connection; the careful one sends new connections to the new version and leaves the others alone.
 */
function swappingProxy(form: 'lossy' | 'careful'): SubjectKind['start'] {
  return async (directory): Promise<Subject> => {
    const ledger = join(directory, 'ledger')
    const start = (version: string): ReturnType<typeof startServiceProcess> =>
      startServiceProcess({ LEDGER: ledger, VERSION: version })
    const services = await Promise.all([start('v1'), start('v2')])
    let active = 0
    const proxy = await startByteProxy(() => services[active]?.port ?? 0)
    return {
      url: proxy.url,
      ledger,
      policies: [],
      resend: 'never',
      disturbances: [
        {
          name: 'swap versions',
          run: async () => {
            active = 1 - active
            if (form === 'lossy') proxy.cut()
          },
        },
      ],
      [Symbol.asyncDispose]: async () => {
        await proxy[Symbol.asyncDispose]()
        for (const service of services) await service[Symbol.asyncDispose]()
      },
    }
  }
}

/** Must come out clean. */
export const carefulProxy: SubjectKind = {
  name: 'careful-proxy',
  what: 'a proxy that swaps versions for new connections only',
  expected: { kind: 'clean' },
  control: true,
  start: swappingProxy('careful'),
}

/** Must be convicted. */
export const lossyProxy: SubjectKind = {
  name: 'lossy-proxy',
  what: 'a proxy that cuts every connection when it swaps versions',
  expected: { kind: 'convicted', of: ['lost', 'cut'] },
  control: true,
  start: swappingProxy('lossy'),
}
