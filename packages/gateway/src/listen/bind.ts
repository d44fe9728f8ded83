import type { Server } from 'node:net'
import { Problem } from '@seaworthy/model'
import type { ListenOn } from '../core/engine.ts'

/** Connections that the kernel completes before anyone accepts them. */
export const backlog = 1_024

/** Makes a server listen and resolves to its port; throws a Problem SW2003 when it cannot. */
export function listen(server: Server, on: ListenOn): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException): void => {
      const where = 'fd' in on ? `descriptor ${on.fd}` : `${on.host}:${on.port}`
      reject(
        new Problem({
          code: 'SW2003',
          message: `expected to listen on ${where}, found ${reasonOf(cause)}`,
          hint:
            'fd' in on
              ? 'start the gateway anew'
              : 'free the port, or give the listener another one (0 takes any free port)',
          cause,
        }),
      )
    }
    server.once('error', failed)
    server.listen({ ...on, backlog }, () => {
      server.off('error', failed)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
}

function reasonOf(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return 'another program there'
    case 'EACCES':
      return 'no permission to bind it'
    case 'EADDRNOTAVAIL':
      return 'that this machine has no such address'
    default:
      return error.code ?? error.message
  }
}
