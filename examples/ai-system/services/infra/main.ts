/** The registry of settings that groups share: values with versions, written only by someone who has seen the newest. */
import { bodyOf, Refusal, startGroup } from '../shared/app.ts'
import { openStore } from '../shared/store.ts'

const store = openStore(
  'infra',
  'create table if not exists setting (key text primary key, value text not null, version int not null)',
)

await startGroup(
  (app) => {
    app.get('/settings/:key', (context) => {
      const row = store.prepare('select value, version from setting where key = ?').get(context.req.param('key')) as
        | { value: string; version: number }
        | undefined
      if (!row) throw new Refusal(404, `no setting ${context.req.param('key')}`)
      return context.json({ value: JSON.parse(row.value), version: row.version })
    })

    app.put('/settings/:key', async (context) => {
      const { value, version = 0 } = await bodyOf(context.req)
      if (value === undefined) throw new Refusal(400, '`value` is missing')
      const changed = store
        .prepare(
          `insert into setting (key, value, version) select ?1, ?2, 1 where ?3 = 0
           on conflict (key) do nothing returning version`,
        )
        .get(context.req.param('key'), JSON.stringify(value), Number(version))
      const updated =
        changed ??
        store
          .prepare(
            'update setting set value = ?2, version = version + 1 where key = ?1 and version = ?3 returning version',
          )
          .get(context.req.param('key'), JSON.stringify(value), Number(version))
      if (!updated) throw new Refusal(409, `the setting is not at version ${String(version)} any more: read it again`)
      return context.json(updated)
    })
  },
  { stop: () => store.close() },
)
