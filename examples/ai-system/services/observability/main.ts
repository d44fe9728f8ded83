/** Asks every group that it needs how it is, keeps the answers, and says how available each has been. */
import { setTimeout as wait } from 'node:timers/promises'
import { startGroup } from '../shared/app.ts'
import { openStore } from '../shared/store.ts'

const everyMs = 5_000
const keepMs = 86_400_000
/** Share of answers in time below which a group has broken its promise; the least that any group promises. */
const promised = 0.995
const store = openStore(
  'observability',
  'create table if not exists answer (at int not null, name text not null, ok int not null, ms real not null); create index if not exists answer_at on answer (at)',
)
const insert = store.prepare('insert into answer (at, name, ok, ms) values (?, ?, ?, ?)')
const targets = Object.entries(process.env)
  .filter(([key, value]) => key.endsWith('_URL') && value?.startsWith('http'))
  .map(([key, value]) => ({ name: key.slice(0, -4).toLowerCase(), url: new URL('/health/ready', value).href }))
const stopping = new AbortController()

async function askAll(): Promise<void> {
  await Promise.all(
    targets.map(async ({ name, url }) => {
      const from = performance.now()
      const ok = await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
        (response) => response.ok,
        () => false,
      )
      insert.run(Date.now(), name, ok ? 1 : 0, performance.now() - from)
    }),
  )
  store.prepare('delete from answer where at < ?').run(Date.now() - keepMs)
}

/** One number over everything kept; `fallback` before the first answer. */
function numberFrom(sql: string, fallback: number): number {
  const row = store.prepare(sql).get() as { value: number | null }
  return row.value ?? fallback
}

async function watch(): Promise<void> {
  while (!stopping.signal.aborted) {
    await askAll()
    await wait(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined)
  }
}

const watching = watch()
await startGroup(
  (app, metrics) => {
    metrics.gauge('availability', 'Share of answers in time over the last day, in percent', () =>
      numberFrom('select 100.0 * avg(ok) as value from answer', 100),
    )
    metrics.gauge('slo_compliance', 'Share of groups that kept their promise over the last day, in percent', () =>
      numberFrom(
        `select 100.0 * avg(kept) as value from (select avg(ok) >= ${promised} as kept from answer group by name)`,
        100,
      ),
    )
    metrics.gauge('p99_seconds', 'Time that 99 % of answers over the last day stayed below', () =>
      numberFrom(
        'select ms / 1000 as value from answer order by ms limit 1 offset (select max(0, (count(*) * 99 + 99) / 100 - 1) from answer)',
        0,
      ),
    )
    app.get('/availability', (context) =>
      context.json({
        groups: store
          .prepare(
            'select name, count(*) as asked, avg(ok) as availability, max(ms) as slowest_ms from answer group by name order by name',
          )
          .all(),
      }),
    )
  },
  {
    stop: async () => {
      stopping.abort()
      await watching
      store.close()
    },
  },
)
