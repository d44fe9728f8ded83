import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer, type Server, type Socket } from 'node:net'

/** A server that plays a replica. */
export interface Origin extends AsyncDisposable {
  readonly address: string
  readonly port: number
  /** Connections that it has open. */
  readonly sockets: ReadonlySet<Socket>
  /** Connections that it ever had. */
  readonly opened: () => number
}

/** A replica made with `node:http`. */
export function httpOrigin(handler: RequestListener): Promise<Origin> {
  const server = createHttpServer({ keepAliveTimeout: 60_000 }, handler)
  return listening(server)
}

/** A replica that plays whatever the test writes, byte by byte; `received` grows as bytes arrive. */
export function rawOrigin(play: (socket: Socket, received: () => string) => void): Promise<Origin> {
  return listening(
    createServer({ noDelay: true }, (socket) => {
      let text = ''
      socket.on('error', () => undefined)
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1')
      })
      play(socket, () => text)
    }),
  )
}

/** A replica that answers the first bytes of every request with these and then does as `after` says. */
export function cannedOrigin(answer: string, after: (socket: Socket) => void = () => undefined): Promise<Origin> {
  return rawOrigin((socket) => {
    socket.on('data', () => {
      socket.write(Buffer.from(answer, 'latin1'), () => after(socket))
    })
  })
}

function listening(server: Server): Promise<Origin> {
  const sockets = new Set<Socket>()
  let opened = 0
  server.on('connection', (socket: Socket) => {
    opened++
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      resolve({
        address: `127.0.0.1:${port}`,
        port,
        sockets,
        opened: () => opened,
        async [Symbol.asyncDispose]() {
          for (const socket of sockets) socket.destroy()
          await new Promise((done) => server.close(done))
        },
      })
    })
  })
}

/** A port of the loopback on which nobody listens. */
export async function closedPort(): Promise<number> {
  const origin = await listening(createServer())
  await origin[Symbol.asyncDispose]()
  return origin.port
}
