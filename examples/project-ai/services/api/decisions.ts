import type { Pool } from 'pg'
import { appendAudit } from '../shared/audit.ts'
import { inTransaction } from '../shared/database.ts'
import { judge, type PolicyRule } from './policy.ts'
import { riskOf, type WordCount, wordsOf } from './risk-model.ts'

/** What a caller asks to be allowed. */
export interface DecisionRequest {
  readonly subject: string
  readonly action: string
  readonly context: Readonly<Record<string, unknown>>
}

export interface Decision extends DecisionRequest {
  readonly id: string
  readonly risk: number
  readonly outcome: string
  readonly reason: string
  readonly servedBy: string
  readonly createdAt: string
}

interface Row {
  id: string
  subject: string
  action: string
  context: Record<string, unknown>
  risk: number
  outcome: string
  reason: string
  served_by: string
  created_at: Date
}

function decisionOf(row: Row): Decision {
  const { served_by: servedBy, created_at: createdAt, ...rest } = row
  return { ...rest, servedBy, createdAt: createdAt.toISOString() }
}

const columns = 'id, subject, action, context, risk, outcome, reason, served_by, created_at'

/** The decisions of the API, kept in PostgreSQL; every change of one stands in the audit chain. */
export function createDecisions(
  pool: Pool,
  version: string,
  rules: (action: string) => Promise<PolicyRule>,
): {
  decide(
    request: DecisionRequest,
    idempotencyKey: string | undefined,
  ): Promise<{ decision: Decision; repeated: boolean }>
  find(id: string): Promise<Decision | undefined>
  newest(limit: number): Promise<Decision[]>
  approve(
    id: string,
    approver: string,
    outcome: 'approved' | 'rejected',
    comment: string,
  ): Promise<Decision | 'unknown' | 'not waiting'>
} {
  return {
    async decide(request, idempotencyKey) {
      const rule = await rules(request.action)
      const words = wordsOf(request)
      return inTransaction(pool, async (transaction) => {
        const counts = await transaction.query<WordCount>(
          'select word, approved::float8, rejected::float8 from risk_word where word = any($1)',
          [words],
        )
        const risk = riskOf(words, counts.rows)
        const { outcome, reason } = judge(risk, rule)
        const inserted = await transaction.query<Row>(
          `insert into decision (idempotency_key, subject, action, context, risk, outcome, reason, served_by)
           values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (idempotency_key) do nothing returning ${columns}`,
          [
            idempotencyKey ?? null,
            request.subject,
            request.action,
            JSON.stringify(request.context),
            risk,
            outcome,
            reason,
            version,
          ],
        )
        const row = inserted.rows[0]
        if (!row) {
          const existing = await transaction.query<Row>(`select ${columns} from decision where idempotency_key = $1`, [
            idempotencyKey,
          ])
          const first = existing.rows[0]
          if (!first) throw new Error('the decision of this idempotency key has vanished')
          return { decision: decisionOf(first), repeated: true }
        }
        if (outcome === 'allowed') await transaction.query('insert into work (decision_id) values ($1)', [row.id])
        await appendAudit(transaction, 'decision', {
          id: row.id,
          subject: request.subject,
          action: request.action,
          outcome,
          risk,
        })
        return { decision: decisionOf(row), repeated: false }
      })
    },

    async find(id) {
      const found = await pool.query<Row>(`select ${columns} from decision where id = $1`, [id])
      return found.rows[0] && decisionOf(found.rows[0])
    },

    async newest(limit) {
      const found = await pool.query<Row>(`select ${columns} from decision order by created_at desc, id limit $1`, [
        limit,
      ])
      return found.rows.map(decisionOf)
    },

    approve: (id, approver, outcome, comment) =>
      inTransaction(pool, async (transaction) => {
        const found = await transaction.query<Row>(`select ${columns} from decision where id = $1 for update`, [id])
        const row = found.rows[0]
        if (!row) return 'unknown'
        if (row.outcome !== 'needs-approval') {
          const given = await transaction.query<{ approver: string; outcome: string }>(
            'select approver, outcome from approval where decision_id = $1',
            [id],
          )
          // The same yes said twice is one yes.
          const same = given.rows[0]?.approver === approver && given.rows[0]?.outcome === outcome
          return same ? decisionOf(row) : 'not waiting'
        }
        await transaction.query(
          'insert into approval (decision_id, approver, outcome, comment) values ($1, $2, $3, $4)',
          [id, approver, outcome, comment],
        )
        await transaction.query('update decision set outcome = $2 where id = $1', [id, outcome])
        await transaction.query(
          `insert into risk_word (word, ${outcome}) select unnest($1::text[]), 1
           on conflict (word) do update set ${outcome} = risk_word.${outcome} + 1`,
          [wordsOf({ subject: row.subject, action: row.action, context: row.context })],
        )
        if (outcome === 'approved') await transaction.query('insert into work (decision_id) values ($1)', [id])
        await appendAudit(transaction, 'approval', { id, approver, outcome, comment })
        return { ...decisionOf(row), outcome }
      }),
  }
}
