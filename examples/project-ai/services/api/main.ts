import { getRequestListener } from '@hono/node-server'
import { createMetrics, serve } from '@seaworthy/runtime'
import { openDatabase } from '../shared/database.ts'
import { createApp } from './app.ts'
import { createDecisions } from './decisions.ts'
import { createRules } from './rule-cache.ts'

const version = process.env.SEAWORTHY_VERSION ?? process.env.VERSION ?? 'v1'
const pool = openDatabase()
const rules = createRules(pool, process.env.CACHE_URL)
const metrics = createMetrics()
const decided = metrics.counter('ai_decisions', 'Decisions made, by outcome')
const approved = metrics.counter('governance_approvals', 'Approvals given, by outcome')
metrics.gauge('database_connections', 'Connections to the database', () => pool.totalCount)

const decisions = createDecisions(pool, version, rules.ruleFor)
const counted: typeof decisions = {
  ...decisions,
  async decide(request, key) {
    const made = await decisions.decide(request, key)
    decided.add({ outcome: made.decision.outcome })
    return made
  },
  async approve(...given) {
    const result = await decisions.approve(...given)
    if (typeof result === 'object') approved.add({ outcome: result.outcome })
    return result
  },
}

const service = await serve({
  name: 'api',
  handler: getRequestListener(createApp(counted, pool, version).fetch, { overrideGlobalObjects: false }),
  checks: { database: () => pool.query('select 1 from decision limit 1') },
  metrics,
  stop: async () => {
    rules.close()
    await pool.end()
  },
})
console.log(JSON.stringify({ level: 'info', message: 'listening', port: service.port, version }))
