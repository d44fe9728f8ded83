/** Asks every group that it needs how it is, keeps the answers, and says how available each has been. */
import { setTimeout as wait } from 'node:timers/promises'
import { startGroup } from '../shared/app.ts'
import { openStore } from '../shared/store.ts'

const everyMs = 5_000
const keepMs = 86_400_000
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

async function watch(): Promise<void> {
  while (!stopping.signal.aborted) {
    await askAll()
    await wait(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined)
  }
}

const watching = watch()
await startGroup(
  (app) => {
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
