import type { Hono } from 'hono'
import type { Pool } from 'pg'
import type { Cache } from './cache.ts'

/** What every kind of service is given. */
export interface Ground {
  /** Name of the service; its tables live in the schema of that name. */
  readonly service: string
  readonly pool: Pool
  readonly cache: Cache
  /** Bodies, counters and the like that the kind reports. */
  readonly count: (event: string) => void
}

/** A kind of service: its tables and its routes. */
export interface Kind {
  /** Tables, created at start where they are missing; `$schema` stands for the service's schema. */
  readonly tables: string
  routes(app: Hono, ground: Ground): void
}

/** A request that can't be carried out as asked; becomes problem+json. */
export class Refusal extends Error {
  readonly status: 400 | 401 | 403 | 404 | 409 | 422

  constructor(status: Refusal['status'], message: string) {
    super(message)
    this.name = 'Refusal'
    this.status = status
  }
}

/** A field of a body that must be text. */
export function textOf(body: Record<string, unknown>, field: string): string {
  const value = body[field]
  if (typeof value !== 'string' || value === '') throw new Refusal(400, `\`${field}\` must be a text that is not empty`)
  return value
}

/** A JSON object from a request. */
export async function bodyOf(request: { json(): Promise<unknown> }): Promise<Record<string, unknown>> {
  const body = await request.json().catch(() => undefined)
  if (body === null || typeof body !== 'object' || Array.isArray(body))
    throw new Refusal(400, 'the body must be a JSON object')
  return body as Record<string, unknown>
}
