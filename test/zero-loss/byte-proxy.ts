import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A proxy that passes bytes and knows nothing of HTTP. */
export interface ByteProxy extends AsyncDisposable {
  readonly url: string
  /** Cuts every connection that is open. */
  readonly cut: () => void
}

/** Starts one. Each new connection goes to the port that `upstream` names at that moment, and stays there. */
export async function startByteProxy(upstream: () => number): Promise<ByteProxy> {
  const pairs = new Set<readonly [Socket, Socket]>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const other = connect({ port: upstream(), host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    const pair = [client, other] as const
    pairs.add(pair)
    client.pipe(other).pipe(client)
    for (const [one, peer] of [pair, [other, client] as const]) {
      // A reset is passed on as a reset, an orderly end by the pipes.
      one.on('error', () => peer.resetAndDestroy())
      one.on('close', () => {
        peer.destroySoon()
        pairs.delete(pair)
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 4096, resolve))
  const cut = (): void => {
    for (const [client] of pairs) client.destroy()
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    [Symbol.asyncDispose]: async () => {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
