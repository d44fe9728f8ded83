import { type Context, Hono } from 'hono'
import type { Pool } from 'pg'
import { type AuditEntry, firstBreak } from '../shared/audit.ts'
import type { createDecisions, DecisionRequest } from './decisions.ts'

type Decisions = ReturnType<typeof createDecisions>

function problem(context: Context, status: 400 | 404 | 409 | 422, title: string, detail: string): Response {
  return context.json({ type: 'about:blank', title, status, detail }, status, {
    'content-type': 'application/problem+json',
  })
}

function requestOf(body: unknown): DecisionRequest | string {
  if (body === null || typeof body !== 'object') return 'the body must be a JSON object'
  const { subject, action, context = {} } = body as Record<string, unknown>
  if (typeof subject !== 'string' || subject === '') return '`subject` must be a text that is not empty'
  if (typeof action !== 'string' || action === '') return '`action` must be a text that is not empty'
  if (context === null || typeof context !== 'object' || Array.isArray(context)) return '`context` must be an object'
  return { subject, action, context: context as Record<string, unknown> }
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What makes a repeated request the same: the client's key, or the id that a gateway keeps when it sends a request again. */
function idempotencyKey(context: Context): string | undefined {
  return context.req.header('idempotency-key') ?? context.req.header('x-request-id')
}

/** The HTTP face of the decisions: `/v1` is stable; `/v2` (beta) also says how a decision came about. */
export function createApp(decisions: Decisions, pool: Pool, version: string): Hono {
  const app = new Hono()

  app.use(async (context, next) => {
    await next()
    context.header('x-service-version', version)
  })

  async function decide(context: Context): Promise<Response> {
    const asked = requestOf(await context.req.json().catch(() => undefined))
    if (typeof asked === 'string') return problem(context, 400, 'The request can’t be read', asked)
    const { decision, repeated } = await decisions.decide(asked, idempotencyKey(context))
    const { reason, risk, ...v1 } = decision
    const shown = context.req.path.startsWith('/v2/')
      ? { ...v1, explanation: { reason, risk, model: 'naive-bayes' } }
      : { ...v1, reason }
    return context.json(shown, repeated ? 200 : 201)
  }

  for (const base of ['/v1', '/v2']) {
    app.post(`${base}/decisions`, decide)
    app.get(`${base}/decisions`, async (context) => {
      const limit = Number(context.req.query('limit') ?? 20)
      if (!Number.isInteger(limit) || limit < 1 || limit > 100)
        return problem(context, 400, 'The request can’t be read', '`limit` must be a whole number from 1 to 100')
      return context.json({ items: await decisions.newest(limit) })
    })
    app.get(`${base}/decisions/:id`, async (context) => {
      const id = context.req.param('id')
      const found = uuid.test(id) ? await decisions.find(id) : undefined
      return found ? context.json(found) : problem(context, 404, 'No such decision', `no decision has the id ${id}`)
    })
    app.post(`${base}/decisions/:id/approval`, async (context) => {
      const id = context.req.param('id')
      const body = (await context.req.json().catch(() => ({}))) as Record<string, unknown>
      const { approver, outcome, comment } = body
      if (typeof approver !== 'string' || (outcome !== 'approved' && outcome !== 'rejected')) {
        return problem(
          context,
          400,
          'The request can’t be read',
          '`approver` must be a text and `outcome` one of approved, rejected',
        )
      }
      const result = uuid.test(id) ? await decisions.approve(id, approver, outcome, String(comment ?? '')) : 'unknown'
      if (result === 'unknown') return problem(context, 404, 'No such decision', `no decision has the id ${id}`)
      if (result === 'not waiting')
        return problem(context, 409, 'Already decided', 'this decision does not wait for an approval')
      return context.json(result)
    })
    app.get(`${base}/audit/verify`, async (context) => {
      // A stretch at a time: the whole chain is verified by following `before` until it is 1.
      const limit = Number(context.req.query('limit') ?? 500)
      const before = Number(context.req.query('before') ?? Number.MAX_SAFE_INTEGER)
      if (!Number.isInteger(limit) || limit < 1 || limit > 5_000 || !Number.isInteger(before)) {
        return problem(
          context,
          400,
          'The request can’t be read',
          '`limit` must be a whole number from 1 to 5000, `before` a whole number',
        )
      }
      const found = await pool.query<Omit<AuditEntry, 'seq' | 'at'> & { seq: string; at: Date }>(
        'select seq, at, event, payload, previous_hash as "previousHash", hash from audit where seq < $1 order by seq desc limit $2',
        [before, limit + 1],
      )
      const chain = found.rows.map((row) => ({ ...row, seq: Number(row.seq), at: row.at.toISOString() })).reverse()
      // The entry before the stretch gives the hash to begin from; without one the stretch begins the chain.
      const anchor = chain.length > limit ? chain.shift() : undefined
      const broken = firstBreak(chain, anchor?.hash)
      return context.json({
        entries: chain.length,
        before: chain[0]?.seq ?? 1,
        intact: broken === undefined,
        ...(broken !== undefined && { firstBreak: broken }),
      })
    })
  }

  app.get('/', (context) => context.json({ service: 'project-ai', version }))
  app.notFound((context) => problem(context, 404, 'No such path', context.req.path))
  app.onError((error, context) => {
    console.error(JSON.stringify({ level: 'error', message: error.message, path: context.req.path }))
    return context.json({ type: 'about:blank', title: 'The request failed', status: 500 }, 500, {
      'content-type': 'application/problem+json',
    })
  })
  return app
}
