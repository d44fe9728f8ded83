import { afterAll, describe, expect, test } from 'vitest'
import { originalDisagreement, rewriteDisagreement } from '../testing/disagreements.ts'
import { fuzzCase, segments, sentinel } from '../testing/http-grammar.ts'
import { seeded } from '../testing/random.ts'
import { NodeReader, OwnReader } from '../testing/readings.ts'

const cases = 2_000
const seed = 20_261_120

const own = new OwnReader()
const node = new NodeReader({ forgiving: false })
afterAll(() => own.stop())

describe(`our parser beside node:http, ${cases} cases from seed ${seed}`, () => {
  test('whatever we accept, node:http reads as we do: as it came, and as we wrote it', {
    timeout: 120_000,
  }, async () => {
    let accepted = 0
    let refused = 0
    for (let i = 0; i < cases; i++) {
      const random = seeded(seed + i)
      const { text, mutations } = fuzzCase(random)
      const { ours, rewritten } = await own.read(segments(text, random))
      const about = { case: seed + i, mutations, text }
      expect({ ...about, found: rewriteDisagreement(ours, rewritten) }).toEqual({ ...about, found: undefined })
      if (ours.requests.length > 0) accepted++
      else refused++
      const original = await node.read([text])
      expect({ ...about, found: originalDisagreement(ours, original) }).toEqual({ ...about, found: undefined })
    }
    // The fuzzer is worth something only while it makes both kinds.
    expect(accepted).toBeGreaterThan(cases / 10)
    expect(refused).toBeGreaterThan(cases / 10)
  })

  test('the harness would notice: a reader that splits in other places disagrees', async () => {
    const text = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde${sentinel}`
    const { ours, rewritten } = await own.read([text])
    expect(ours.requests.map(({ target }) => target)).toEqual(['/', '/sentinel'])
    const [first, second] = rewritten.requests
    expect(rewriteDisagreement(ours, { ...rewritten, requests: first ? [first] : [] })).toMatch(/not read at all/)
    expect(rewriteDisagreement({ ...ours, requests: ours.requests.slice(0, 1) }, rewritten)).toMatch(/1 requests/)
    const changed = { ...rewritten, requests: [{ ...first, body: 'abcd' }, second] } as typeof rewritten
    expect(rewriteDisagreement(ours, changed)).toMatch(/body/)
  })
})
