/** Remembers what was said and finds what is like it: vector search over lexical embeddings, kept in SQLite. */
import { bodyOf, startGroup, textOf } from '../shared/app.ts'
import { embed, similarity } from '../shared/lexical-vector.ts'
import { openStore } from '../shared/store.ts'

const store = openStore(
  'memory',
  'create table if not exists memory (id integer primary key, session text not null, text text not null, vector blob not null, at text not null)',
)
const insert = store.prepare('insert into memory (session, text, vector, at) values (?, ?, ?, ?)')
const ofSession = store.prepare('select id, text, vector, at from memory where session = ? order by id desc limit 2000')

await startGroup(
  (app, metrics) => {
    const recalled = metrics.counter('retrievals', 'Recalls by whether something was found')

    app.post('/memories', async (context) => {
      const body = await bodyOf(context.req)
      const text = textOf(body, 'text')
      const vector = embed(text)
      const { lastInsertRowid } = insert.run(
        textOf(body, 'session'),
        text,
        new Uint8Array(vector.buffer),
        new Date().toISOString(),
      )
      return context.json({ id: Number(lastInsertRowid) }, 201)
    })

    app.post('/recall', async (context) => {
      const body = await bodyOf(context.req)
      const wanted = embed(textOf(body, 'text'))
      const found = (
        ofSession.all(textOf(body, 'session')) as { id: number; text: string; vector: Uint8Array; at: string }[]
      )
        .map(({ vector, ...row }) => ({ ...row, score: similarity(wanted, new Float32Array(vector.slice().buffer)) }))
        .filter((row) => row.score > 0.1)
        .sort((a, b) => b.score - a.score)
        .slice(0, Number(body.k ?? 3))
      recalled.add({ found: String(found.length > 0) })
      return context.json({ items: found })
    })
  },
  { checks: { store: async () => store.prepare('select 1').get() }, stop: () => store.close() },
)
