import { createServer } from 'node:net'
import { engineProblem } from '../../problem-codes.ts'

/** Ports handed out: below the range that Linux and macOS take outgoing connections from, so that none is taken meanwhile. */
const range = { from: 20_000, to: 32_000 }

/**
 * A port of the loopback address that nobody listens on and that is not in `taken`. Throws SW4017 when a few hundred
 * tries find none.
 */
export async function freePort(taken: ReadonlySet<number>, random: () => number): Promise<number> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const port = range.from + Math.floor(random() * (range.to - range.from))
    if (!taken.has(port) && (await canListen(port))) return port
  }
  throw engineProblem({
    code: 'SW4017',
    message: `No free port between ${range.from} and ${range.to} was found on 127.0.0.1.`,
    hint: 'Stop what listens there, or lower the number of replicas.',
  })
}

/** Whether a port of the loopback address can be listened on now. */
export function canListen(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
