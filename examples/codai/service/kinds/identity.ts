import { createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { bodyOf, type Kind, Refusal, textOf } from '../kind.ts'

const derive = promisify<string, Buffer, number, Buffer>(scrypt)
const lifeSeconds = 3_600

function sign(payload: string, key: string): string {
  return createHmac('sha256', key).update(payload).digest('base64url')
}

/** People, passwords (scrypt) and signed tokens that other services can have verified. */
export const identity: Kind = {
  tables: `create table if not exists $schema.person (name text primary key, salt bytea not null, hash bytea not null);
  create table if not exists $schema.signing (only_one boolean primary key default true check (only_one), key text not null)`,

  routes(app, { service, pool, count }) {
    // All replicas sign with the same key: the first one to start makes it.
    const key = pool
      .query(`insert into "${service}".signing (key) values ($1) on conflict do nothing`, [
        randomBytes(32).toString('hex'),
      ])
      .then(() => pool.query<{ key: string }>(`select key from "${service}".signing`))
      .then((found) => found.rows[0]?.key ?? '')

    app.post('/people', async (context) => {
      const body = await bodyOf(context.req)
      const [name, password] = [textOf(body, 'name'), textOf(body, 'password')]
      if (password.length < 10) throw new Refusal(422, 'a password has at least 10 characters')
      const salt = randomBytes(16)
      const made = await pool.query(
        `insert into "${service}".person (name, salt, hash) values ($1, $2, $3) on conflict do nothing`,
        [name, salt, await derive(password, salt, 32)],
      )
      if (made.rowCount !== 1) throw new Refusal(409, `there is a ${name} already`)
      count('registered')
      return context.json({ name }, 201)
    })

    app.post('/tokens', async (context) => {
      const body = await bodyOf(context.req)
      const found = await pool.query<{ salt: Buffer; hash: Buffer }>(
        `select salt, hash from "${service}".person where name = $1`,
        [textOf(body, 'name')],
      )
      const person = found.rows[0]
      const given = await derive(textOf(body, 'password'), person?.salt ?? Buffer.alloc(16), 32)
      if (!person || !timingSafeEqual(given, person.hash)) throw new Refusal(401, 'no such name and password')
      const payload = Buffer.from(
        JSON.stringify({ sub: body.name, exp: Math.floor(Date.now() / 1000) + lifeSeconds }),
      ).toString('base64url')
      count('logged-in')
      return context.json({ token: `${payload}.${sign(payload, await key)}` }, 201)
    })

    app.post('/tokens/verify', async (context) => {
      const [payload = '', signature = ''] = textOf(await bodyOf(context.req), 'token').split('.')
      const expected = Buffer.from(sign(payload, await key))
      const given = Buffer.from(signature)
      if (given.length !== expected.length || !timingSafeEqual(given, expected))
        throw new Refusal(401, 'the token was not signed here')
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sub: string; exp: number }
      if (claims.exp * 1000 < Date.now()) throw new Refusal(401, 'the token has expired')
      return context.json(claims)
    })
  },
}
