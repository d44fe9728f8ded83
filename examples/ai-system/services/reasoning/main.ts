/** Draws conclusions from stored facts and given rules. */
import { bodyOf, Refusal, startGroup } from '../shared/app.ts'
import { openStore } from '../shared/store.ts'
import { type Fact, infer, type Rule } from './inference.ts'

const store = openStore(
  'reasoning',
  'create table if not exists fact (relation text, subject text, object text, primary key (relation, subject, object))',
)
const insert = store.prepare('insert or ignore into fact values (?, ?, ?)')

function isFact(value: unknown): value is Fact {
  return Array.isArray(value) && value.length === 3 && value.every((part) => typeof part === 'string' && part !== '')
}

await startGroup(
  (app) => {
    app.post('/facts', async (context) => {
      const { facts } = await bodyOf(context.req)
      if (!Array.isArray(facts) || !facts.every(isFact))
        throw new Refusal(400, '`facts` must be a list of [relation, subject, object]')
      for (const [relation, subject, object] of facts as Fact[]) insert.run(relation, subject, object)
      return context.json({ stored: facts.length }, 201)
    })

    app.post('/infer', async (context) => {
      const { rules } = await bodyOf(context.req)
      const fits =
        Array.isArray(rules) &&
        rules.length <= 50 &&
        rules.every(
          (rule: Rule) =>
            Array.isArray(rule?.when) && rule.when.length <= 4 && rule.when.every(isFact) && isFact(rule.then),
        )
      if (!fits)
        throw new Refusal(
          400,
          '`rules` must be a list of {when: [fact, ...], then: fact}, at most 50 with at most 4 conditions',
        )
      const facts = (
        store.prepare('select relation, subject, object from fact limit 500').all() as {
          relation: string
          subject: string
          object: string
        }[]
      ).map((row): Fact => [row.relation, row.subject, row.object])
      return context.json({ known: facts.length, facts: infer(facts, rules as Rule[]) })
    })
  },
  { stop: () => store.close() },
)
