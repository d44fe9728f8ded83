import type { Engine } from '../core/engine.ts'
import type { Limits } from '../core/limits.ts'
import { Http2Pool } from '../http2/http2-pool.ts'
import { NodeHttpServer } from './server.ts'
import { UndiciPool } from './undici-pool.ts'

/** The conservative engine: `node:http` towards clients, undici towards replicas. */
export function nodeHttpEngine(limits: Limits): Engine {
  return {
    kind: 'node-http',
    front: (options) => new NodeHttpServer(options, limits),
    connect: (endpoint, pool) =>
      pool.protocol === 'http2' ? new Http2Pool(endpoint, limits) : new UndiciPool(endpoint, pool, limits),
  }
}
