import { bodyOf, type Kind, textOf } from '../kind.ts'

/** Texts that can be found again by their words, with PostgreSQL's full-text search. */
export const search: Kind = {
  tables: `create table if not exists $schema.text (id bigserial primary key, title text not null, body text not null,
    words tsvector generated always as (to_tsvector('english', title || ' ' || body)) stored);
  create index if not exists text_words on $schema.text using gin (words)`,

  routes(app, { service, pool, count }) {
    app.post('/texts', async (context) => {
      const body = await bodyOf(context.req)
      const made = await pool.query<{ id: string }>(
        `insert into "${service}".text (title, body) values ($1, $2) returning id`,
        [textOf(body, 'title'), textOf(body, 'body')],
      )
      count('stored')
      return context.json({ id: Number(made.rows[0]?.id) }, 201)
    })

    app.get('/search', async (context) => {
      const words = context.req.query('q') ?? ''
      const found = await pool.query<{ id: string; title: string; rank: number }>(
        `select id, title, ts_rank(words, query) as rank from "${service}".text, websearch_to_tsquery('english', $1) query
         where words @@ query order by rank desc, id limit 20`,
        [words],
      )
      count('searched')
      return context.json({ items: found.rows.map((row) => ({ ...row, id: Number(row.id) })) })
    })
  },
}
