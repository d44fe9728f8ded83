import { Socket } from 'node:net'

/** Takes bytes that are valid only within the call; false stops reading until `resume`. */
export type ReadBytes = (bytes: Buffer) => boolean

/**
 * Takes over a connection that a server accepted with `pauseOnConnect`, so that it reads into a buffer shared by all connections
 * instead of one of 64 KiB for every read, and without the stream machinery in between: a tenth of the CPU time of a request. `net.connect` offers
 * this as `onread`; for accepted connections Node has it only in the constructor of `Socket`, which takes the accepted handle.
 */
export function adoptSocket(accepted: Socket, buffer: Buffer, read: ReadBytes): Socket {
  const holder = accepted as Socket & { _handle?: object | null }
  const handle = holder._handle
  if (handle === undefined || handle === null) {
    accepted.on('data', read)
    accepted.resume()
    return accepted
  }
  holder._handle = null
  const onread = { buffer, callback: (length: number): boolean => read(buffer.subarray(0, length)) }
  return new Socket({ handle, allowHalfOpen: true, onread } as ConstructorParameters<typeof Socket>[0])
}
