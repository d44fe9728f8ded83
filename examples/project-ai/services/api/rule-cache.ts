import { Redis } from 'ioredis'
import type { Pool } from 'pg'
import type { PolicyRule } from './policy.ts'

const cacheSeconds = 30

/** Rules by action, from Redis where it is there and answers, from PostgreSQL otherwise: the cache may be lost at any time. */
export function createRules(
  pool: Pool,
  cacheUrl: string | undefined,
): { ruleFor(action: string): Promise<PolicyRule>; close(): void } {
  const redis = cacheUrl
    ? new Redis(cacheUrl, {
        maxRetriesPerRequest: 0,
        enableOfflineQueue: false,
        commandTimeout: 200,
        retryStrategy: (times) => Math.min(times * 100, 2_000),
      })
    : undefined
  redis?.on('error', () => undefined)

  async function load(action: string): Promise<PolicyRule> {
    const found = await pool.query<{ rule: PolicyRule }>(
      "select rule from policy where action in ($1, '*') order by action = '*' limit 1",
      [action],
    )
    const rule = found.rows[0]?.rule
    if (!rule) throw new Error('no policy applies: the table policy has lost its rule for *')
    return rule
  }

  return {
    async ruleFor(action) {
      const key = `rule:${action}`
      const cached = await redis?.get(key).catch(() => null)
      if (cached) return JSON.parse(cached) as PolicyRule
      const rule = await load(action)
      await redis?.set(key, JSON.stringify(rule), 'EX', cacheSeconds).catch(() => null)
      return rule
    },
    close: () => redis?.disconnect(),
  }
}
