/** A short load before anyone meets a new version: requests are due at a fixed rate, and timed from when they were due. */
import { setTimeout as wait } from 'node:timers/promises'

const target = process.env.SEAWORTHY_TARGET
if (!target) throw new Error('SEAWORTHY_TARGET is not set: it holds the base URL of the version that is tried')
const [rate, seconds, boundMs] = [50, 20, 500]

async function timed(index: number, start: number): Promise<number> {
  const due = start + (index * 1000) / rate
  await wait(Math.max(0, due - performance.now()))
  const response = await fetch(new URL('/v1/decisions?limit=1', target), { signal: AbortSignal.timeout(5_000) })
  await response.arrayBuffer()
  if (!response.ok) throw new Error(`status ${response.status}`)
  return performance.now() - due
}

const start = performance.now()
const outcomes = await Promise.allSettled(Array.from({ length: rate * seconds }, (_, index) => timed(index, start)))
const times = outcomes
  .flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
  .sort((a, b) => a - b)
const p95 = times[Math.ceil(times.length * 0.95) - 1] ?? Number.POSITIVE_INFINITY
const failed = outcomes.length - times.length
console.log(`${outcomes.length} requests at ${rate}/s: ${failed} failed, p95 ${p95.toFixed(0)} ms`)
if (failed > outcomes.length * 0.01 || p95 > boundMs) process.exit(1)
