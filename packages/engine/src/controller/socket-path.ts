import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Longest path that every system takes for a unix socket, bytes. */
const limit = 100

/** The unix socket of a state directory's controller; one that would be too long moves to the temporary directory under a hash. */
export function socketPath(stateDir: string): string {
  const inside = join(stateDir, 'controller.sock')
  if (Buffer.byteLength(inside) <= limit) return inside
  const hash = createHash('sha256').update(stateDir).digest('hex').slice(0, 20)
  return join(tmpdir(), `seaworthy-controller-${hash}.sock`)
}
