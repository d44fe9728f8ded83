import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGateway, type EngineKind, FileLog, type GatewaySnapshot } from '@seaworthy/gateway'
import type { ProxyTask } from './contenders.ts'

/** One worker's gateway in this process, with access log and counters, for the benchmark. */
const task = JSON.parse(process.env.TASK ?? '{}') as ProxyTask
const port = Number(process.env.PORT)
const log = new FileLog(join(mkdtempSync(join(tmpdir(), 'seaworthy-log-')), 'access.log'))
const rules = { service: 'origin', timeoutMs: 30_000, maxBodyBytes: 10_000_000 }
const snapshot: GatewaySnapshot = {
  version: 1,
  listeners: [{ name: 'web', host: '127.0.0.1', port, ...(task.tls && { tls: { certificates: [task.tls] } }) }],
  routes: [
    { id: 'all', path: '/', ...rules },
    ...Array.from({ length: task.routes }, (_, i) => ({ id: `r${i}`, path: `/service-${i}/`, ...rules })),
  ],
  services: [
    {
      service: 'origin',
      protocol: 'http',
      versions: [
        {
          version: 'v1',
          share: 1,
          endpoints: [{ id: 'one', address: `127.0.0.1:${task.originPort}`, state: 'ready' }],
        },
      ],
      sticky: { kind: 'none' },
      coinKey: 'bench',
      hold: { max: 1_000, deadlineMs: 5_000 },
      streamGraceMs: 5_000,
      maxConnectionsPerEndpoint: 1_000,
      retries: 1,
    },
  ],
  trustedProxies: [],
}
const gateway = createGateway({ engine: (process.env.ENGINE ?? 'own') as EngineKind, log })
await gateway.apply(snapshot)
process.on('SIGTERM', () => process.exit(0))
