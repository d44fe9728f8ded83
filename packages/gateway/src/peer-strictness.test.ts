import { describe, expect, test } from 'vitest'
import { fuzzCase, segments } from '../testing/http-grammar.ts'
import { peerProxy, peersHere } from '../testing/peer-proxies.ts'
import { seeded } from '../testing/random.ts'
import { OwnReader } from '../testing/readings.ts'
import { reasonFor } from '../testing/refusal-reasons.ts'
import { canonicalPath } from './route/canonical-path.ts'

const cases = 600
const { found, missing } = peersHere()

/** Mutated requests that we accept whole. */
async function acceptedCases(): Promise<string[]> {
  const own = new OwnReader()
  const texts: string[] = []
  for (let seed = 500_000; texts.length < cases; seed++) {
    const random = seeded(seed)
    const { text, mutations } = fuzzCase(random)
    const first = (await own.read(segments(text, random))).ours.requests[0]
    if (mutations.length === 0 || first?.complete !== true || first.target === '/sentinel') continue
    if (first.target === '*' || canonicalPath(first.target.split('?', 1)[0] ?? '') !== undefined) texts.push(text)
  }
  own.stop()
  return texts
}

describe('beside proxies that have seen everything', () => {
  test.skipIf(found.length === 0)(`what nginx and HAProxy refuse and we accept is known (${cases} cases)`, async () => {
    const texts = await acceptedCases()
    for (const name of found) {
      await using peer = await peerProxy(name)
      for (const text of texts) {
        const verdict = await peer.judge(text)
        if (typeof verdict === 'number' && verdict < 400) continue
        expect({ name, verdict, text, reason: reasonFor(name, text) }).not.toMatchObject({ reason: 'unexplained' })
      }
    }
  })

  test.runIf(missing.length > 0)(`not asked, because not installed: ${missing.join(', ')}`, () => {
    expect(missing.length + found.length).toBe(2)
  })
})
