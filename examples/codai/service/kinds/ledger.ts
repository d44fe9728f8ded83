import { bodyOf, type Kind, Refusal, textOf } from '../kind.ts'

/** Double-entry bookkeeping: every transfer moves one amount between two accounts, the sum of all balances stays 0. */
export const ledger: Kind = {
  tables: `create table if not exists $schema.account (name text primary key, balance bigint not null default 0, floor bigint not null default 0,
    check (balance >= floor));
  create table if not exists $schema.transfer (key text primary key, debit text not null references $schema.account,
    credit text not null references $schema.account, amount bigint not null check (amount > 0), at timestamptz not null default now());
  insert into $schema.account (name, floor) values ('treasury', -9000000000000000) on conflict do nothing`,

  routes(app, { service, pool, count }) {
    app.post('/transfers', async (context) => {
      const body = await bodyOf(context.req)
      const [key, debit, credit] = [textOf(body, 'key'), textOf(body, 'from'), textOf(body, 'to')]
      const amount = body.amount
      if (!Number.isSafeInteger(amount) || (amount as number) <= 0)
        throw new Refusal(400, '`amount` must be a whole number of cents above 0')
      if (debit === credit) throw new Refusal(400, '`from` and `to` must be two accounts')
      const client = await pool.connect()
      try {
        await client.query('begin')
        // Always in the same order, so that two opposite transfers can't wait for each other.
        for (const name of [debit, credit].sort()) {
          await client.query(`insert into "${service}".account (name) values ($1) on conflict do nothing`, [name])
          await client.query(`select 1 from "${service}".account where name = $1 for update`, [name])
        }
        const made = await client.query(
          `insert into "${service}".transfer (key, debit, credit, amount) values ($1, $2, $3, $4) on conflict do nothing`,
          [key, debit, credit, amount],
        )
        if (made.rowCount === 1) {
          await client.query(`update "${service}".account set balance = balance - $2 where name = $1`, [debit, amount])
          await client.query(`update "${service}".account set balance = balance + $2 where name = $1`, [credit, amount])
        }
        await client.query('commit')
        count(made.rowCount === 1 ? 'transferred' : 'repeated')
        return context.json(
          { key, from: debit, to: credit, amount, repeated: made.rowCount !== 1 },
          made.rowCount === 1 ? 201 : 200,
        )
      } catch (error) {
        await client.query('rollback')
        if ((error as { code?: string }).code === '23514')
          throw new Refusal(422, `${debit} does not hold ${String(amount)}`)
        throw error
      } finally {
        client.release()
      }
    })

    app.get('/accounts/:name', async (context) => {
      const name = context.req.param('name')
      const found = await pool.query<{ balance: string }>(`select balance from "${service}".account where name = $1`, [
        name,
      ])
      if (!found.rows[0]) throw new Refusal(404, `${service} has no account ${name}`)
      return context.json({ name, balance: Number(found.rows[0].balance) })
    })

    app.get('/audit', async (context) => {
      const sums = await pool.query<{ total: string; wrong: string }>(
        `select (select coalesce(sum(balance), 0) from "${service}".account) as total,
          (select count(*) from "${service}".account a where balance <>
            coalesce((select sum(case when credit = a.name then amount else -amount end)
              from "${service}".transfer where a.name in (credit, debit)), 0)) as wrong`,
      )
      return context.json({ total: Number(sums.rows[0]?.total), accountsThatDoNotAddUp: Number(sums.rows[0]?.wrong) })
    })
  },
}
