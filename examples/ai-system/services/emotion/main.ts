/** Keeps the mood of each conversation: an exponential mean of the sentiment of its turns. */
import { bodyOf, Refusal, startGroup, textOf } from '../shared/app.ts'
import { openStore } from '../shared/store.ts'

const weight = 0.3
const store = openStore(
  'emotion',
  'create table if not exists mood (session text primary key, value real not null, turns integer not null)',
)
const update = store.prepare(
  `insert into mood (session, value, turns) values (?1, ?2, 1)
   on conflict (session) do update set value = value * ${1 - weight} + ?2 * ${weight}, turns = turns + 1 returning value, turns`,
)

await startGroup(
  (app) => {
    app.post('/mood', async (context) => {
      const body = await bodyOf(context.req)
      const sentiment = body.sentiment
      if (typeof sentiment !== 'number' || Math.abs(sentiment) > 1)
        throw new Refusal(400, '`sentiment` must be a number from -1 to 1')
      const row = update.get(textOf(body, 'session'), sentiment) as { value: number; turns: number }
      const mood = row.value > 0.15 ? 'glad' : row.value < -0.15 ? 'upset' : 'calm'
      return context.json({ mood, value: row.value, turns: row.turns })
    })
  },
  { stop: () => store.close() },
)
