import { createHash } from 'node:crypto'
import type { Transaction } from './database.ts'

const lock = 7_193_022
const genesis = '0'.repeat(64)

/** One entry of the chain. */
export interface AuditEntry {
  readonly seq: number
  readonly at: string
  readonly event: string
  readonly payload: unknown
  readonly previousHash: string
  readonly hash: string
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`
  }
  return JSON.stringify(value)
}

/** Hash of an entry: SHA-256 over its place, its content and the hash before it. */
export function hashOf(entry: Omit<AuditEntry, 'hash'>): string {
  return createHash('sha256')
    .update(canonical([entry.seq, entry.at, entry.event, entry.payload, entry.previousHash]))
    .digest('hex')
}

/** Appends an entry in the caller's transaction: it stands or falls with the change that it records. */
export async function appendAudit(transaction: Transaction, event: string, payload: unknown): Promise<void> {
  await transaction.query('select pg_advisory_xact_lock($1)', [lock])
  const last = await transaction.query<{ seq: string; hash: string }>(
    'select seq, hash from audit order by seq desc limit 1',
  )
  const entry = {
    seq: Number(last.rows[0]?.seq ?? 0) + 1,
    at: new Date().toISOString(),
    event,
    payload: JSON.parse(JSON.stringify(payload)) as unknown,
    previousHash: last.rows[0]?.hash ?? genesis,
  }
  await transaction.query(
    'insert into audit (seq, at, event, payload, previous_hash, hash) values ($1, $2, $3, $4, $5, $6)',
    [entry.seq, entry.at, entry.event, JSON.stringify(entry.payload), entry.previousHash, hashOf(entry)],
  )
}

/** The first entry that does not follow from the one before it, or undefined for an unbroken chain. */
export function firstBreak(entries: readonly AuditEntry[], before: string = genesis): number | undefined {
  let previous = before
  for (const { hash, ...entry } of entries) {
    if (entry.previousHash !== previous || hashOf(entry) !== hash) return entry.seq
    previous = hash
  }
  return undefined
}
