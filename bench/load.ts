/**
 * The load generator beside others: what a request costs it, how many it can send from one thread, and whether it sees a server that
 * stalls as that server's users would. `--seconds`, `--rounds`, `--autocannon path/to/autocannon.js`.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { interleave } from './harness/interleave.ts'
import { thisMachine } from './harness/machine.ts'
import type { BenchOptions, BenchResult, Measure } from './harness/result.ts'
import { type Generator, installedPeers, ours, runProgram } from './load/generator.ts'
import { startTarget } from './load/target.ts'

const connections = 50
const stall = { rate: 1000, seconds: 6, afterSeconds: 2, stallSeconds: 1 }
/** Of 6,000 requests, 1,000 fall due in the stall and wait 1 s .. 0 s; the 60 slowest (1 %) wait more than 940 ms. */
const trueP99 = 940

/** Runs the benchmark. */
export async function run(options: BenchOptions): Promise<BenchResult> {
  const machine = thisMachine()
  const seconds = Number(options.args.seconds ?? (options.short ? 2 : 5))
  const rounds = Number(options.args.rounds ?? (options.short ? 2 : 5))
  const peers = installedPeers(options.args.autocannon)
  await using target = await startTarget()
  const rates = new Map<string, number[]>()
  const cost = await interleave({
    name: 'closed loop, 50 connections',
    unit: 'µs CPU/request',
    better: 'lower',
    rounds,
    say: options.say,
    ours: contender(ours),
    peers: peers.map(contender),
  })
  const rate: Measure = measureOf('closed loop, 50 connections', 'requests/s', rates, rounds)
  const p99 = await interleave({
    name: `p99 of ${stall.rate}/s while the server stalls once for ${stall.stallSeconds} s of ${stall.seconds} s (arithmetic: ${trueP99} ms)`,
    unit: 'ms off the truth',
    better: 'lower',
    rounds: options.short ? 1 : rounds,
    say: options.say,
    ours: stalled(ours),
    peers: peers.filter((peer) => peer.open).map(stalled),
  })
  return {
    ...cost,
    machine,
    parts: [rate, p99],
    targets: [
      {
        claim: `more than 8,000 requests/s from one thread (${Math.round(rate.ours).toLocaleString('en-US')})`,
        met: rate.ours > 8000,
      },
      { claim: `at most 20 µs CPU/request (${cost.ours.toFixed(1)})`, met: cost.ours <= 20 },
      {
        claim: `p99 under a stall within 5 % of the truth (${((p99.ours / trueP99) * 100).toFixed(1)} %)`,
        met: p99.ours <= 0.05 * trueP99,
      },
    ],
    notes: [
      'server: nginx, one process, "return 200"; each generator in a process of its own; CPU is user + system of all its threads, start included',
      'ours and hey measure latencies one by one; wrk and ab do less for each request',
      ...(options.args.autocannon === undefined
        ? ['autocannon was not given (--autocannon path/to/autocannon.js)']
        : []),
    ],
  }

  function contender(generator: Generator): { readonly name: string; readonly measure: () => Promise<number> } {
    return {
      name: generator.name,
      measure: async () => {
        const { output, cpuSeconds } = await runProgram(generator.closed(target.url, connections, seconds))
        const requests = generator.requests(output)
        rates.set(generator.name, [...(rates.get(generator.name) ?? []), requests / seconds])
        return (cpuSeconds * 1e6) / requests
      },
    }
  }

  function stalled(generator: Generator): { readonly name: string; readonly measure: () => Promise<number> } {
    return {
      name: generator.name,
      measure: async () => {
        const words = generator.open?.(target.url, stall.rate, stall.seconds) ?? []
        const finished = runProgram(words)
        await wait(stall.afterSeconds * 1000)
        target.process.kill('SIGSTOP')
        await wait(stall.stallSeconds * 1000)
        target.process.kill('SIGCONT')
        return Math.abs(generator.p99((await finished).output) - trueP99)
      },
    }
  }
}

function measureOf(name: string, unit: string, samples: ReadonlyMap<string, readonly number[]>, n: number): Measure {
  const middle = (values: readonly number[]): number =>
    values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
  const peers = Object.fromEntries(
    [...samples].filter(([key]) => key !== 'ours').map(([key, values]) => [key, middle(values)]),
  )
  const mine = middle(samples.get('ours') ?? [])
  const best = Math.max(...Object.values(peers))
  const spread = Object.fromEntries(
    [...samples].map(([key, values]) => [key, [Math.min(...values), Math.max(...values)] as const]),
  )
  return {
    name,
    unit,
    better: 'higher',
    ours: mine,
    peers,
    ratio: Number.isFinite(best) ? mine / best : null,
    n,
    spread,
  }
}
