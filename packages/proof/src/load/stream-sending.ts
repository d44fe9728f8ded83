import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { StreamedBody } from './streamed-body.ts'

/** Sends a body piece by piece, no faster than the socket takes it. Never rejects: the socket's own events tell of its failure. */
export async function sendStream(socket: Socket, body: StreamedBody, signal: AbortSignal): Promise<void> {
  try {
    const pieces = body.pieces()
    for (let next = pieces.next(); !next.done && !signal.aborted; next = pieces.next()) {
      const piece = next.value
      const flowing = body.chunked ? writeChunk(socket, piece) : socket.write(piece)
      if (!flowing) await once(socket, 'drain', { signal })
      if (body.pauseMs > 0) await wait(body.pauseMs, undefined, { signal })
    }
    if (body.chunked && !signal.aborted) socket.write('0\r\n\r\n', 'latin1')
  } catch {
    // Aborted, or the socket failed while it was waited for.
  }
}

function writeChunk(socket: Socket, piece: Uint8Array): boolean {
  socket.cork()
  socket.write(`${piece.length.toString(16)}\r\n`, 'latin1')
  socket.write(piece)
  const flowing = socket.write('\r\n', 'latin1')
  socket.uncork()
  return flowing
}
