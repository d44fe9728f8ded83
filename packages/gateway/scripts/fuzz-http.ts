/**
 * The long form of the differential fuzzer: `npm run fuzz:http -- [--cases 100000] [--seed 1] [--peers 5000]`. Every case is read by our engine,
 * by node:http as it came, and by node:http as we wrote it; of the cases that we accept, `--peers` many are shown to nginx and HAProxy.
 * Exit status 1 when node:http disagrees with us anywhere; what a peer refuses and we accept is listed by reason.
 */
import { parseArgs } from 'node:util'
import { canonicalPath } from '../src/route/canonical-path.ts'
import { originalDisagreement, rewriteDisagreement } from '../testing/disagreements.ts'
import { fuzzCase, segments } from '../testing/http-grammar.ts'
import { peerProxy, peersHere } from '../testing/peer-proxies.ts'
import { seeded } from '../testing/random.ts'
import { NodeReader, OwnReader, type Readings } from '../testing/readings.ts'
import { reasonFor } from '../testing/refusal-reasons.ts'

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    peers: { type: 'string', default: '5000' },
  },
})
const cases = Number(values.cases)
const first = Number(values.seed)
const wantedForPeers = Number(values.peers)

/** The first request of the case, where we accept it whole: its text ends before the request that we read next. */
const forPeers: { readonly text: string; readonly seed: number }[] = []
let accepted = 0
let disagreements = 0

const own = new OwnReader()
const node = new NodeReader({ forgiving: false })
for (let i = 0; i < cases; i++) {
  const seed = first + i
  const random = seeded(seed)
  const { text, mutations } = fuzzCase(random)
  const { ours, rewritten } = await own.read(segments(text, random))
  const found = rewriteDisagreement(ours, rewritten) ?? originalDisagreement(ours, await node.read([text]))
  if (found !== undefined) {
    disagreements++
    console.log(`seed ${seed}: ${found}\n  ${mutations.join(', ')}\n  ${JSON.stringify(text)}`)
  }
  if (isAccepted(ours)) {
    accepted++
    if (forPeers.length < wantedForPeers && mutations.length > 0) forPeers.push({ text, seed })
  }
  if ((i + 1) % 10_000 === 0)
    console.error(`${i + 1} of ${cases} cases, ${accepted} accepted, ${disagreements} disagreements`)
}
own.stop()
console.log(
  `${cases} cases from seed ${first}: ${accepted} accepted by us, ${disagreements} read otherwise by node:http`,
)

const { found, missing } = peersHere()
for (const name of missing) console.log(`${name}: not installed, not asked`)
for (const name of found) {
  await using peer = await peerProxy(name)
  const reasons = new Map<string, { count: number; example: string }>()
  let refused = 0
  const queue = [...forPeers]
  const worker = async (): Promise<void> => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const verdict = await peer.judge(next.text)
      if (typeof verdict === 'number' && verdict < 400) continue
      refused++
      const reason = `${verdict}: ${reasonFor(name, next.text)}`
      const entry = reasons.get(reason) ?? {
        count: 0,
        example: `seed ${next.seed} ${JSON.stringify(next.text.slice(0, 300))}`,
      }
      entry.count++
      reasons.set(reason, entry)
    }
  }
  await Promise.all(Array.from({ length: 8 }, worker))
  console.log(`${name} refused ${refused} of ${forPeers.length} mutated requests that we accept:`)
  for (const [reason, { count, example }] of [...reasons].sort((a, b) => b[1].count - a[1].count)) {
    console.log(`  ${String(count).padStart(5)}  ${reason}\n         ${example}`)
  }
}
process.exitCode = disagreements > 0 ? 1 : 0

function isAccepted({ requests }: Readings): boolean {
  const [request] = requests
  if (request?.complete !== true || request.target === '/sentinel') return false
  return request.target === '*' || canonicalPath(request.target.split('?', 1)[0] ?? '') !== undefined
}
