/** A queue in SQLite and its worker: long texts are boiled down to their weightiest sentences. */
import { setTimeout as wait } from 'node:timers/promises'
import { bodyOf, Refusal, startGroup, textOf } from '../shared/app.ts'
import { openStore } from '../shared/store.ts'
import { summarise } from './summarise.ts'

const store = openStore(
  'pipeline',
  "create table if not exists task (id integer primary key, text text not null, state text not null default 'waiting', result text, at int not null)",
)
const stopping = new AbortController()

function takeOne(): boolean {
  store.exec('begin immediate')
  const task = store.prepare("select id, text from task where state = 'waiting' order by id limit 1").get() as
    | { id: number; text: string }
    | undefined
  if (task)
    store.prepare("update task set state = 'done', result = ? where id = ?").run(summarise(task.text, 2), task.id)
  store.exec('commit')
  return task !== undefined
}

async function work(): Promise<void> {
  while (!stopping.signal.aborted) {
    if (!takeOne()) await wait(100, undefined, { signal: stopping.signal }).catch(() => undefined)
    else await wait(0)
  }
}

const working = work()
await startGroup(
  (app, metrics) => {
    metrics.gauge('queue_oldest_age_seconds', 'Age of the oldest waiting task', () => {
      const row = store.prepare("select min(at) as at from task where state = 'waiting'").get() as { at: number | null }
      return row.at === null ? 0 : (Date.now() - row.at) / 1000
    })
    app.post('/tasks', async (context) => {
      const { lastInsertRowid } = store
        .prepare('insert into task (text, at) values (?, ?)')
        .run(textOf(await bodyOf(context.req), 'text'), Date.now())
      return context.json({ id: Number(lastInsertRowid) }, 202)
    })
    app.get('/tasks/:id{[0-9]+}', (context) => {
      const row = store.prepare('select id, state, result from task where id = ?').get(Number(context.req.param('id')))
      if (!row) throw new Refusal(404, 'no such task')
      return context.json(row)
    })
  },
  {
    stop: async () => {
      stopping.abort()
      await working
      store.close()
    },
  },
)
