import pg from 'pg'

/** One transaction's connection. */
export type Transaction = pg.PoolClient

/** The pool of one service; `DATABASE_URL` says where. */
export function openDatabase(url: string | undefined = process.env.DATABASE_URL, max = 10): pg.Pool {
  if (!url) throw new Error('DATABASE_URL is not set: it comes from the need on the database in seaworthy.config.mts')
  const pool = new pg.Pool({ connectionString: url, max, connectionTimeoutMillis: 10_000, query_timeout: 5_000 })
  // An idle connection that the server closed is replaced; without a listener it would end the process.
  pool.on('error', (error) =>
    console.error(JSON.stringify({ level: 'warn', message: 'idle connection lost', error: error.message })),
  )
  return pool
}

/** Runs work in one transaction: committed when it returns, rolled back when it throws. */
export async function inTransaction<T>(pool: pg.Pool, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken = failure
    })
    throw error
  } finally {
    client.release(broken)
  }
}
