import type { Engine } from '../core/engine.ts'
import type { Limits } from '../core/limits.ts'
import { Http2Pool } from '../http2/http2-pool.ts'
import { ReplicaPool } from './replica-pool.ts'
import { OwnServer } from './server.ts'

const readBytes = 65_536

/** Our own HTTP/1.1 on both sides. */
export function ownEngine(limits: Limits): Engine {
  const buffer = Buffer.allocUnsafeSlow(readBytes)
  return {
    kind: 'own',
    front: (options) => new OwnServer(options, limits, buffer),
    connect: (endpoint, { protocol }) =>
      protocol === 'http2' ? new Http2Pool(endpoint, limits) : new ReplicaPool(endpoint, limits, buffer),
  }
}
