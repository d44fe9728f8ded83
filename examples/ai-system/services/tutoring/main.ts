/** A tutor that knows when to ask again. */
import { bodyOf, Refusal, startGroup, textOf } from '../shared/app.ts'
import { openStore } from '../shared/store.ts'
import { type Card, review } from './schedule.ts'

const day = 86_400_000
const store = openStore(
  'tutoring',
  `create table if not exists card (learner text, question text, answer text not null, repetitions int not null default 0,
    interval int not null default 0, easiness real not null default 2.5, due int not null default 0, primary key (learner, question))`,
)

await startGroup(
  (app) => {
    app.post('/cards', async (context) => {
      const body = await bodyOf(context.req)
      store
        .prepare('insert or replace into card (learner, question, answer) values (?, ?, ?)')
        .run(textOf(body, 'learner'), textOf(body, 'question'), textOf(body, 'answer'))
      return context.json({}, 201)
    })

    app.get('/next', (context) => {
      const row = store
        .prepare('select question from card where learner = ? and due <= ? order by due limit 1')
        .get(context.req.query('learner') ?? '', Date.now())
      return context.json({ next: row ?? null })
    })

    app.post('/answers', async (context) => {
      const body = await bodyOf(context.req)
      const [learner, question, answer] = [textOf(body, 'learner'), textOf(body, 'question'), textOf(body, 'answer')]
      const row = store
        .prepare('select answer, repetitions, interval, easiness from card where learner = ? and question = ?')
        .get(learner, question) as (Card & { answer: string }) | undefined
      if (!row) throw new Refusal(404, `${learner} has no such card`)
      const right = row.answer.trim().toLowerCase() === answer.trim().toLowerCase()
      const next = review(row, right ? 5 : 1)
      store
        .prepare(
          'update card set repetitions = ?, interval = ?, easiness = ?, due = ? where learner = ? and question = ?',
        )
        .run(next.repetitions, next.interval, next.easiness, Date.now() + next.interval * day, learner, question)
      return context.json({ right, answer: row.answer, againInDays: next.interval })
    })
  },
  { stop: () => store.close() },
)
