import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { startServiceProcess } from '../service-process.ts'
import type { Subject, SubjectKind } from '../subject.ts'

/**
 * A control in two forms: a byte proxy in front of two versions that is told to swap them. The lossy one does what a careless reload does
 * and cuts every connection; the careful one sends new connections to the new version and leaves the others alone.
 */
function swappingProxy(form: 'lossy' | 'careful'): SubjectKind['start'] {
  return async (directory): Promise<Subject> => {
    const ledger = join(directory, 'ledger')
    const services = await Promise.all(
      ['v1', 'v2'].map((version) => startServiceProcess({ LEDGER: ledger, VERSION: version })),
    )
    let active = 0
    const pairs = new Set<readonly [Socket, Socket]>()
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
      const upstream = connect({
        port: services[active]?.port ?? 0,
        host: '127.0.0.1',
        allowHalfOpen: true,
        noDelay: true,
      })
      const pair = [client, upstream] as const
      pairs.add(pair)
      client.pipe(upstream).pipe(client)
      for (const [one, other] of [pair, [upstream, client] as const]) {
        one.on('error', () => other.destroy())
        one.on('close', () => {
          other.destroy()
          pairs.delete(pair)
        })
      }
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 4096, resolve))
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      ledger,
      policies: [],
      resend: 'never',
      disturbances: [
        {
          name: 'swap versions',
          run: async () => {
            active = 1 - active
            if (form === 'lossy') for (const [client] of pairs) client.destroy()
          },
        },
      ],
      [Symbol.asyncDispose]: async () => {
        for (const [client] of pairs) client.destroy()
        await new Promise((resolve) => server.close(resolve))
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
