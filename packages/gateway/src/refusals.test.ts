import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ambiguousRequests, soundRequests } from '../testing/ambiguous-requests.ts'
import { httpOrigin } from '../testing/origins.ts'
import { rawClient } from '../testing/raw-client.ts'
import { serve } from '../testing/served.ts'
import { snapshot } from '../testing/snapshots.ts'
import type { EngineKind } from './core/engine.ts'

/** Sends bytes, then a sound request of its own; resolves to the statuses of all answers and what reached the replica. */
async function observe(text: string, engine: EngineKind): Promise<{ statuses: number[]; seen: string[] }> {
  const seen: string[] = []
  await using origin = await httpOrigin((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    request.resume()
    request.on('end', () => response.end('ok'))
  })
  await using served = await serve(snapshot([origin.address]), { engine, limits: { headMs: 300 } })
  using client = await rawClient(served.port)
  client.send(text)
  const statuses: number[] = []
  while (true) {
    const answer = await client.answer().catch(() => undefined)
    if (answer === undefined) break
    statuses.push(answer.status)
    if (answer.headers.connection === 'close' || answer.status >= 400) break
    if (client.received === '' && statuses.length >= (text.match(/ HTTP\/1\.[01]\r\n/g)?.length ?? 1)) break
  }
  return { statuses, seen }
}

describe('requests that two readers could understand differently', () => {
  test.each(ambiguousRequests)('$name is refused with $status and reaches no replica', async ({ text, status }) => {
    const { statuses, seen } = await observe(text, 'own')
    expect(statuses.at(-1)).toBe(status)
    expect(seen).toEqual([])
  })

  test.each(soundRequests)('$name is served', async ({ text }) => {
    const { statuses, seen } = await observe(text, 'own')
    expect(statuses).toEqual([200])
    expect(seen).toHaveLength(1)
  })

  test('no refusal of the corpus is a row that nothing tests', () => {
    const source = readFileSync(new URL('./message/refusal.ts', import.meta.url), 'utf8')
    const statuses = [...new Set(ambiguousRequests.map(({ status }) => status))]
    for (const status of statuses) expect(source).toContain(`[${status},`)
  })
})

describe('the same corpus through node:http', () => {
  // What llhttp lets through although our own engine refuses it; everything here was sent on in one unambiguous form.
  const lenient = new Set(['an empty line too many before the request', 'a header section beyond the limit of fields'])

  test.each(ambiguousRequests.filter(({ name, onlyOwn }) => !onlyOwn && !lenient.has(name)))(
    '$name is refused',
    async ({ text }) => {
      const { statuses, seen } = await observe(text, 'node-http')
      expect(statuses.at(-1) ?? 400).toBeGreaterThanOrEqual(400)
      expect(seen).toEqual([])
    },
  )
})
