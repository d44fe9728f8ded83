/**
 * The gateway beside nginx, HAProxy, Caddy, `@fastify/http-proxy` and its own node-http engine: CPU time of the proxy for each request and requests/s of
 * one core, over 64 kept-alive connections. Proxy on the first core, origin and driver (wrk) on the second.
 * `npm run bench -- gateway [--short] [--seconds 3] [--rounds 5] [--only nginx,caddy] [--scenes get,post] [--wait 60]`
 */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { developmentCa } from '@seaworthy/gateway'
import { has, ours, type ProxyKind, type ProxyTask, peers, type RunningProxy } from './gateway/contenders.ts'
import { drive } from './gateway/drive.ts'
import { startOrigin } from './gateway/origin.ts'
import { quietMachine } from './gateway/quiet.ts'
import { postJson, type RequestKind, realisticGet } from './gateway/requests.ts'
import { interleave } from './harness/interleave.ts'
import { thisMachine } from './harness/machine.ts'
import type { BenchOptions, BenchResult, Measure, Target } from './harness/result.ts'

interface Scene {
  readonly key: string
  readonly name: string
  readonly kind: RequestKind
  readonly task: Omit<ProxyTask, 'originPort'>
}

/** Runs the benchmark. */
export async function run(options: BenchOptions): Promise<BenchResult> {
  if (!has('wrk') || !has('nginx'))
    throw new Error('this benchmark needs wrk and nginx: apt-get install wrk nginx-light')
  const { args, short, say } = options
  const seconds = Number(args.seconds ?? (short ? 1 : 3))
  const rounds = Number(args.rounds ?? (short ? 1 : 5))
  const wait = Number(args.wait ?? 0)
  const wanted = args.only?.split(',')
  const present = peers.filter((peer) => peer.missing() === undefined && (wanted?.includes(peer.name) ?? true))
  const tls = await (await developmentCa(mkdtempSync(join(tmpdir(), 'seaworthy-bench-ca-')))).issue([
    '127.0.0.1',
    'localhost',
  ])
  const scenes: Scene[] = [
    { key: 'get', name: realisticGet.name, kind: realisticGet, task: { routes: 0 } },
    { key: 'post', name: postJson.name, kind: postJson, task: { routes: 0 } },
    { key: 'routes', name: `${realisticGet.name}, 1,000 routes`, kind: realisticGet, task: { routes: 1_000 } },
    { key: 'tls', name: `${realisticGet.name} over TLS`, kind: realisticGet, task: { routes: 0, tls } },
  ]
  const chosen = scenes.filter(({ key }) => args.scenes?.split(',').includes(key) ?? true)
  const origin = await startOrigin()
  const measures: Measure[] = []
  let failures = 0
  let noisy = 0
  const running = new Map<ProxyKind, RunningProxy>()
  const stopAll = (): void => {
    for (const proxy of running.values()) proxy.stop()
    running.clear()
  }
  try {
    for (const scene of chosen) {
      const rates = new Map<string, number[]>()
      const secure = scene.task.tls !== undefined
      const contender = (kind: ProxyKind): { name: string; measure: () => Promise<number> } => ({
        name: kind.name,
        measure: async () => {
          if (wait > 0 && !(await quietMachine(wait))) noisy++
          const result = await drive(running.get(kind) as RunningProxy, scene.kind, seconds, secure)
          failures += result.failures
          rates.set(kind.name, [...(rates.get(kind.name) ?? []), result.perSecond])
          return result.cpuMicros
        },
      })
      for (const kind of [ours, ...present]) {
        const proxy = await kind.start({ originPort: origin.port, ...scene.task })
        running.set(kind, proxy)
        await drive(proxy, scene.kind, short ? 1 : 2, secure)
      }
      const cpu = await interleave({
        name: `CPU, ${scene.name}`,
        unit: 'µs/request',
        better: 'lower',
        ours: contender(ours),
        peers: present.map(contender),
        rounds,
        say,
      })
      measures.push(cpu, ratesMeasure(scene.name, rates, rounds))
      stopAll()
    }
  } finally {
    stopAll()
    origin.stop()
  }
  const [headline, ...parts] = measures
  if (headline === undefined) throw new Error('no scene was chosen')
  const missing = peers.flatMap((peer) => peer.missing() ?? [])
  return {
    ...headline,
    machine: thisMachine(),
    parts,
    targets: targets(measures),
    notes: [
      'seaworthy and its node-http engine write an access log line, count, make request id and trace context for every request; the others do not log',
      'every proxy has one thread of its own kind for requests; helper threads (garbage collection) are counted with it',
      `failed requests in all runs: ${failures}`,
      ...(noisy > 0 ? [`${noisy} runs found no quiet moment within ${wait} s`] : []),
      ...missing.map((reason) => `not compared: ${reason}`),
    ],
  }
}

function ratesMeasure(name: string, rates: ReadonlyMap<string, readonly number[]>, n: number): Measure {
  const best = Object.fromEntries([...rates].map(([who, values]) => [who, Math.max(...values)]))
  const { [ours.name]: own = Number.NaN, ...others } = best
  const values = Object.values(others)
  return {
    name: `best rate of one core, ${name}`,
    unit: 'requests/s',
    better: 'higher',
    ours: own,
    peers: others,
    ratio: values.length === 0 ? null : own / Math.max(...values),
    n,
  }
}

function targets(measures: readonly Measure[]): Target[] {
  return measures
    .filter(({ unit }) => unit === 'µs/request')
    .flatMap(({ name, ours: own, peers: others }) => {
      const bounds: readonly (readonly [peer: string, limit: number])[] = [
        ['nginx', 1.6],
        ['caddy', 0.4],
      ]
      return bounds.flatMap(([peer, limit]) => {
        const value = others[peer]
        if (value === undefined) return []
        const ratio = own / value
        return [{ claim: `${name}: at most ${limit} × ${peer} (${ratio.toFixed(2)} ×)`, met: ratio <= limit }]
      })
    })
}
