/** One program, 29 services: `SERVICE` names it, `KIND` says what it does, its tables live in a schema of its own. */
import { getRequestListener } from '@hono/node-server'
import { createMetrics, serve } from '@seaworthy/runtime'
import pg from 'pg'
import { createApp } from './app.ts'
import { openCache } from './cache.ts'
import { kinds } from './kinds/index.ts'

const service = process.env.SERVICE ?? ''
const kind = kinds[process.env.KIND ?? 'records']
const version = process.env.SEAWORTHY_VERSION ?? process.env.VERSION ?? 'v1'
if (!/^[a-z][a-z0-9-]*$/.test(service)) throw new Error(`SERVICE must be a name such as wallet, not "${service}"`)
if (!kind) throw new Error(`KIND must be one of ${Object.keys(kinds).join(', ')}, not "${process.env.KIND}"`)
const url = process.env.DATABASE_URL
if (!url) throw new Error('DATABASE_URL is not set: it comes from the need on the database in seaworthy.config.mts')

const pool = new pg.Pool({ connectionString: url, max: 2, connectionTimeoutMillis: 2_000, query_timeout: 5_000 })
pool.on('error', (error) =>
  console.error(JSON.stringify({ level: 'warn', message: 'idle connection lost', error: error.message })),
)
const cache = openCache(process.env.CACHE_URL)
const metrics = createMetrics()
const counter = metrics.counter('events', 'What the service did')

// Replicas that start together take turns: `create ... if not exists` is not safe against itself.
await pool.query(`begin; select pg_advisory_xact_lock(hashtext('${service}')); create schema if not exists "${service}";
  ${kind.tables.replaceAll('$schema', `"${service}"`)}; commit`)

const ground = { service, pool, cache, count: (event: string) => counter.add({ event }) }
const running = await serve({
  name: service,
  handler: getRequestListener(createApp(kind, ground, version).fetch, { overrideGlobalObjects: false }),
  checks: { database: () => pool.query('select 1') },
  metrics,
  stop: async () => {
    cache.close()
    await pool.end()
  },
})
console.log(JSON.stringify({ level: 'info', message: 'listening', service, port: running.port, version }))
