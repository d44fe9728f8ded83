/** Learns from feedback: logistic regression over hashed words, one step of gradient descent a judgement, kept in SQLite. */
import { bodyOf, Refusal, startGroup, textOf } from '../shared/app.ts'
import { embed, similarity } from '../shared/lexical-vector.ts'
import { openStore } from '../shared/store.ts'

const rate = 0.5
const store = openStore(
  'learning',
  'create table if not exists model (name text primary key, weights blob not null, steps integer not null)',
)
const read = store.prepare('select weights, steps from model where name = ?')
const write = store.prepare(
  'insert into model (name, weights, steps) values (?, ?, ?) on conflict (name) do update set weights = excluded.weights, steps = excluded.steps',
)

function load(name: string): { weights: Float32Array; steps: number } {
  const row = read.get(name) as { weights: Uint8Array; steps: number } | undefined
  return row
    ? { weights: new Float32Array(row.weights.slice().buffer), steps: row.steps }
    : { weights: new Float32Array(512), steps: 0 }
}

function probability(weights: Float32Array, text: string): number {
  return 1 / (1 + Math.exp(-4 * similarity(weights, embed(text))))
}

await startGroup(
  (app) => {
    app.post('/models/:name/feedback', async (context) => {
      const body = await bodyOf(context.req)
      const text = textOf(body, 'text')
      if (typeof body.good !== 'boolean') throw new Refusal(400, '`good` must be true or false')
      store.exec('begin immediate')
      const model = load(context.req.param('name'))
      const error = (body.good ? 1 : 0) - probability(model.weights, text)
      const features = embed(text)
      const weights = model.weights.map((weight, i) => weight + rate * error * (features[i] ?? 0))
      write.run(context.req.param('name'), new Uint8Array(weights.buffer), model.steps + 1)
      store.exec('commit')
      return context.json({ steps: model.steps + 1, probability: probability(weights, text) })
    })

    app.post('/models/:name/judge', async (context) => {
      const model = load(context.req.param('name'))
      return context.json({
        probability: probability(model.weights, textOf(await bodyOf(context.req), 'text')),
        steps: model.steps,
      })
    })
  },
  { stop: () => store.close() },
)
