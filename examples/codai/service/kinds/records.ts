import { bodyOf, type Kind, Refusal } from '../kind.ts'

/** Documents with versions: written only by someone who has seen the newest one. */
export const records: Kind = {
  tables: `create table if not exists $schema.record (
    id bigserial primary key, version int not null default 1, body jsonb not null, updated_at timestamptz not null default now())`,

  routes(app, { service, pool, cache, count }) {
    app.post('/items', async (context) => {
      const body = await bodyOf(context.req)
      const made = await pool.query<{ id: string }>(`insert into "${service}".record (body) values ($1) returning id`, [
        JSON.stringify(body),
      ])
      count('created')
      return context.json({ id: Number(made.rows[0]?.id), version: 1, ...body }, 201)
    })

    app.get('/items/:id{[0-9]+}', async (context) => {
      const id = context.req.param('id')
      const key = `${service}:item:${id}`
      const cached = await cache.get(key)
      if (cached) return context.body(cached, 200, { 'content-type': 'application/json', 'x-cache': 'hit' })
      const found = await pool.query<{ version: number; body: object }>(
        `select version, body from "${service}".record where id = $1`,
        [id],
      )
      const row = found.rows[0]
      if (!row) throw new Refusal(404, `${service} has no item ${id}`)
      const text = JSON.stringify({ id: Number(id), version: row.version, ...row.body })
      await cache.set(key, text, 30)
      return context.body(text, 200, { 'content-type': 'application/json', 'x-cache': 'miss' })
    })

    app.put('/items/:id{[0-9]+}', async (context) => {
      const id = context.req.param('id')
      const { version, ...body } = await bodyOf(context.req)
      const changed = await pool.query<{ version: number }>(
        `update "${service}".record set body = $3, version = version + 1, updated_at = now() where id = $1 and version = $2 returning version`,
        [id, version, JSON.stringify(body)],
      )
      await cache.drop(`${service}:item:${id}`)
      if (!changed.rows[0])
        throw new Refusal(409, `item ${id} is not at version ${String(version)} any more: read it again`)
      count('changed')
      return context.json({ id: Number(id), version: changed.rows[0].version, ...body })
    })
  },
}
