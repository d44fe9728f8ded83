/** Carries out what was allowed: takes one piece of work at a time, so that any number of workers may run. */
import { setTimeout as wait } from 'node:timers/promises'
import { createMetrics, serve } from '@seaworthy/runtime'
import { appendAudit } from '../shared/audit.ts'
import { inTransaction, openDatabase } from '../shared/database.ts'

const pool = openDatabase(undefined, 3)
const metrics = createMetrics()
const processed = metrics.counter('work_processed', 'Work items by result')
let oldestSeconds = 0
metrics.gauge('work_oldest_age_seconds', 'Age of the oldest waiting item', () => oldestSeconds)
const stopping = new AbortController()

async function takeOne(): Promise<boolean> {
  return inTransaction(pool, async (transaction) => {
    const taken = await transaction.query<{ id: string; decision_id: string; action: string; age: number }>(
      `select work.id, decision_id, action, extract(epoch from now() - work.created_at)::float8 as age
       from work join decision on decision.id = decision_id
       where state = 'waiting' order by work.id limit 1 for update of work skip locked`,
    )
    const item = taken.rows[0]
    oldestSeconds = item?.age ?? 0
    if (!item) return false
    await appendAudit(transaction, 'executed', { decision: item.decision_id, action: item.action })
    await transaction.query("update work set state = 'done', attempts = attempts + 1, done_at = now() where id = $1", [
      item.id,
    ])
    processed.add({ result: 'done' })
    return true
  })
}

async function work(): Promise<void> {
  while (!stopping.signal.aborted) {
    const busy = await takeOne().catch((error: Error) => {
      processed.add({ result: 'failed' })
      console.error(JSON.stringify({ level: 'error', message: error.message }))
      return false
    })
    if (!busy) await wait(250, undefined, { signal: stopping.signal }).catch(() => undefined)
  }
}

const working = work()
await serve({
  name: 'worker',
  handler: (_, response) => void response.writeHead(404).end(),
  checks: { database: () => pool.query('select 1 from work limit 1') },
  metrics,
  stop: async () => {
    stopping.abort()
    await working
    await pool.end()
  },
})
