import { lookup } from 'node:dns/promises'
import { createServer, type Server } from 'node:net'
import type { BoundDescriptor } from '../core/gateway.ts'
import { listen } from '../listen/bind.ts'
import type { Listener } from '../snapshot.ts'

/** A listening socket that a gateway process holds as a descriptor, to hand on to those it starts. */
export type BoundListener = BoundDescriptor

/** Whether a socket is the one that the snapshot's listener wants. */
export function fits(bound: BoundListener, listener: Listener): boolean {
  const samePort = bound.asked === listener.port || bound.port === listener.port
  return bound.name === listener.name && bound.host === listener.host && samePort
}

/** What to bind: a listener, and the port to prefer where it asks for any. */
export interface Wish extends Pick<Listener, 'name' | 'host' | 'port'> {
  /** The port that it had before, for `port` 0; another is taken when `insist` is false and that one is not free. */
  readonly before?: number
  readonly insist?: boolean
}

/**
 * Binds listeners. `handOver` runs before this process' event loop polls again, so it can give the descriptors to a child process
 * before this one could accept a connection on any of them; they are closed here right after. Throws a Problem SW2003.
 */
export async function bindAndHandOver<T>(
  wishes: readonly Wish[],
  handOver: (bound: readonly BoundListener[]) => T,
): Promise<T> {
  const addresses = await Promise.all(wishes.map(({ host }) => lookup(host)))
  const bound = wishes.map((wish, i) => bindOne(wish, addresses[i]?.address ?? wish.host))
  try {
    const sockets = await Promise.all(bound.map(({ ready }) => ready))
    return handOver(
      wishes.map(({ name, host, port: asked }, i) => {
        const { server, port } = sockets[i] as { server: Server; port: number }
        return { name, host, asked, port, fd: descriptorOf(server) }
      }),
    )
  } finally {
    for (const { close } of bound) close()
  }
}

function bindOne(wish: Wish, address: string): { ready: Promise<{ server: Server; port: number }>; close(): void } {
  const servers: Server[] = []
  const attempt = async (port: number): Promise<{ server: Server; port: number }> => {
    const server = createServer()
    servers.push(server)
    return { server, port: await listen(server, { host: address, port }) }
  }
  const ready =
    wish.port === 0 && wish.before !== undefined
      ? attempt(wish.before).catch((error: unknown) => (wish.insist === true ? Promise.reject(error) : attempt(0)))
      : attempt(wish.port)
  return {
    ready,
    close() {
      for (const server of servers) server.close()
    },
  }
}

/** The descriptor behind a server. Node has no documented way to it; `_handle.fd` has been there since 0.12. */
function descriptorOf(server: Server): number {
  const fd = (server as Server & { _handle?: { fd?: number } })._handle?.fd
  if (fd === undefined || fd < 0) throw new Error('this system does not show the descriptor of a listening socket')
  return fd
}
