/**
 * A long run of the gateway in its own processes: `npm run soak -- gateway [--minutes 10] [--rate 2000]`. Constant load over kept-alive connections, beside it
 * new connections, aborted requests and snapshots; memory and descriptors of all its processes are read every ten seconds. Exit status 1 when
 * they grow in the second half of the run.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type GatewaySnapshot, startGateway } from '@seaworthy/gateway'
import { formatLoad, HttpClient, httpSender, parseTarget, runOpenLoad } from '@seaworthy/proof'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: 'string', default: '10' }, rate: { type: 'string', default: '2000' } },
})
if (positionals[0] !== 'gateway') {
  console.error('Usage: npm run soak -- gateway [--minutes 10] [--rate 2000]')
  process.exit(2)
}
const seconds = Number(values.minutes) * 60
const sampleMs = Math.min(10_000, (seconds * 1_000) / 12)

const origin = createServer((request, response) => {
  request.resume()
  request.on('end', () => response.end('{"ok":true}'))
})
await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve))
const address = `127.0.0.1:${(origin.address() as AddressInfo).port}`
const snapshot = (version: number): GatewaySnapshot => ({
  version,
  listeners: [{ name: 'web', host: '127.0.0.1', port: 0 }],
  routes: [{ id: 'all', service: 'api', path: '/', timeoutMs: 10_000, maxBodyBytes: 1_000_000 }],
  services: [
    {
      service: 'api',
      protocol: 'http',
      versions: [{ version: 'v1', share: 1, endpoints: [{ id: 'one', address, state: 'ready' }] }],
      sticky: { kind: 'none' },
      coinKey: 'soak',
      hold: { max: 1_000, deadlineMs: 5_000 },
      streamGraceMs: 5_000,
      maxConnectionsPerEndpoint: 500,
      retries: 1,
    },
  ],
  trustedProxies: [],
})
const stateDir = await mkdtemp(join(tmpdir(), 'seaworthy-soak-'))
const gateway = await startGateway({ stateDir, snapshot: snapshot(1) })
const port = (await gateway.listeners())[0]?.port ?? 0
const { pid, workers } = await gateway.status()
const pids = [pid, ...workers.map((worker) => worker.pid)]

/** Resident MiB and open descriptors of all processes of the gateway. */
function sample(): { minute: number; mebibytes: number; descriptors: number } {
  let kibibytes = 0
  let descriptors = 0
  for (const process of pids) {
    kibibytes += Number(/VmRSS:\s+([0-9]+)/.exec(readFileSync(`/proc/${process}/status`, 'utf8'))?.[1] ?? 0)
    descriptors += readdirSync(`/proc/${process}/fd`).length
  }
  return { minute: (performance.now() - began) / 60_000, mebibytes: kibibytes / 1024, descriptors }
}

const began = performance.now()
const samples: ReturnType<typeof sample>[] = []
const sampling = setInterval(() => {
  const now = sample()
  samples.push(now)
  console.log(
    `${now.minute.toFixed(1).padStart(5)} min  ${now.mebibytes.toFixed(0).padStart(5)} MiB  ${now.descriptors} descriptors`,
  )
}, sampleMs)
let version = 1
const swapping = setInterval(() => void gateway.apply(snapshot(++version)), 5_000)
const aborting = setInterval(() => {
  const socket = connect(port, '127.0.0.1', () => {
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf')
    setTimeout(() => socket.destroy(), 20)
  })
  socket.on('error', () => undefined)
}, 50)

const client = new HttpClient({ target: parseTarget(`http://127.0.0.1:${port}`), limit: 200 })
const result = await runOpenLoad({
  arrivals: { kind: 'constant', rate: Number(values.rate), seconds },
  sender: httpSender(client, client.prepare({ path: '/' })),
})
for (const timer of [sampling, swapping, aborting]) clearInterval(timer)
await client[Symbol.asyncDispose]()
console.log(formatLoad('gateway', result))
await gateway.stop()
origin.closeAllConnections()
origin.close()
await rm(stateDir, { recursive: true, force: true })

const half = samples.slice(Math.floor(samples.length / 2))
const growth = slope(half.map(({ minute, mebibytes }) => [minute, mebibytes]))
const more = slope(half.map(({ minute, descriptors }) => [minute, descriptors]))
console.log(
  `second half: ${growth.toFixed(2)} MiB/min, ${more.toFixed(2)} descriptors/min (n = ${half.length} samples)`,
)
process.exitCode = growth > 1 || more > 1 || result.requests.failed > 0 ? 1 : 0

/** Least-squares slope of points. */
function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (pick: (point: readonly [number, number]) => number): number =>
    points.reduce((sum, point) => sum + pick(point), 0) / points.length
  const [mx, my] = [mean(([x]) => x), mean(([, y]) => y)]
  const top = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0)
  return top / points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0)
}
