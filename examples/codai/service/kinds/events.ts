import { bodyOf, type Kind, Refusal, textOf } from '../kind.ts'

/** Events that are counted by minute and name. */
export const events: Kind = {
  tables: `create table if not exists $schema.event_count (minute timestamptz not null, name text not null, n bigint not null, total double precision not null,
    primary key (minute, name))`,

  routes(app, { service, pool, count }) {
    app.post('/events', async (context) => {
      const body = await bodyOf(context.req)
      const value = body.value ?? 1
      if (typeof value !== 'number' || !Number.isFinite(value)) throw new Refusal(400, '`value` must be a number')
      await pool.query(
        `insert into "${service}".event_count (minute, name, n, total) values (date_trunc('minute', now()), $1, 1, $2)
         on conflict (minute, name) do update set n = event_count.n + 1, total = event_count.total + $2`,
        [textOf(body, 'name'), value],
      )
      count('recorded')
      return context.json({}, 202)
    })

    app.get('/summary', async (context) => {
      const found = await pool.query<{ name: string; n: string; total: number }>(
        `select name, sum(n) as n, sum(total) as total from "${service}".event_count
         where minute > now() - interval '1 day' group by name order by name`,
      )
      return context.json({ day: found.rows.map((row) => ({ name: row.name, n: Number(row.n), total: row.total })) })
    })
  },
}
