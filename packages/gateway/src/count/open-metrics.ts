import { type CounterPage, latencyBoundsMs, type Outcome, outcomes } from '../counter-page.ts'
import type { GatewayStatus } from '../process/status.ts'

const buckets = latencyBoundsMs.length + 1

/** Sums of one service × route × version over workers and shares. */
interface Sum {
  readonly labels: string
  readonly counts: number[]
  rescued: number
  sumMs: number
  inFlight: number
}

/** A gateway's counts in the OpenMetrics 1.0 text format; latencies in seconds. */
export function openMetrics(status: GatewayStatus, pages: readonly CounterPage[]): string {
  const sums = sumRows(pages)
  const lines: string[] = []
  const family = (name: string, type: string, help: string, unit?: string): void => {
    lines.push(`# TYPE ${name} ${type}`)
    if (unit !== undefined) lines.push(`# UNIT ${name} ${unit}`)
    lines.push(`# HELP ${name} ${help}`)
  }
  family('seaworthy_gateway_requests', 'counter', 'Requests by how they ended.')
  for (const { labels, counts } of sums) {
    outcomes.forEach((outcome, row) => {
      const count = sumOf(counts, row * buckets, (row + 1) * buckets)
      if (count > 0) lines.push(`seaworthy_gateway_requests_total{${labels},outcome="${outcome}"} ${count}`)
    })
  }
  family('seaworthy_gateway_rescued_requests', 'counter', 'Requests that another replica had to answer.')
  for (const { labels, rescued } of sums) {
    lines.push(`seaworthy_gateway_rescued_requests_total{${labels}} ${rescued}`)
  }
  family('seaworthy_gateway_request_duration_seconds', 'histogram', 'Time to the end of the answer.', 'seconds')
  for (const sum of sums) lines.push(...histogram(sum))
  family('seaworthy_gateway_in_flight_requests', 'gauge', 'Requests that began and did not end.')
  for (const { labels, inFlight } of sums) lines.push(`seaworthy_gateway_in_flight_requests{${labels}} ${inFlight}`)
  family('seaworthy_gateway_held_requests', 'gauge', 'Requests that wait for a replica.')
  lines.push(`seaworthy_gateway_held_requests ${status.held}`)
  family('seaworthy_gateway_endpoint_in_flight_requests', 'gauge', 'Requests in flight at a replica.')
  for (const { service, id, state, inFlight } of status.endpoints) {
    const labels = `service="${label(service)}",endpoint="${label(id)}",state="${state}"`
    lines.push(`seaworthy_gateway_endpoint_in_flight_requests{${labels}} ${inFlight}`)
  }
  family('seaworthy_gateway_snapshot_version', 'gauge', 'Version of the snapshot in force.')
  lines.push(`seaworthy_gateway_snapshot_version ${status.snapshotVersion}`)
  family('seaworthy_gateway_connections', 'gauge', 'Client connections that are open.')
  for (const { id, connections } of status.workers) {
    lines.push(`seaworthy_gateway_connections{worker="${label(id)}"} ${connections}`)
  }
  family('seaworthy_gateway_memory_bytes', 'gauge', 'Resident memory of a worker.', 'bytes')
  for (const { id, memory } of status.workers)
    lines.push(`seaworthy_gateway_memory_bytes{worker="${label(id)}"} ${memory}`)
  return `${lines.join('\n')}\n# EOF\n`
}

function sumRows(pages: readonly CounterPage[]): Sum[] {
  const sums = new Map<string, Sum>()
  for (const row of pages.flatMap((page) => page.rows)) {
    const labels = `service="${label(row.service)}",route="${label(row.route)}",version="${label(row.version)}"`
    let sum = sums.get(labels)
    if (sum === undefined) {
      sum = { labels, counts: new Array<number>(outcomes.length * buckets).fill(0), rescued: 0, sumMs: 0, inFlight: 0 }
      sums.set(labels, sum)
    }
    row.counts.forEach((count, i) => {
      sum.counts[i] = (sum.counts[i] ?? 0) + count
    })
    sum.sumMs += row.latencySumMs ?? 0
    sum.rescued += row.rescued ?? 0
    sum.inFlight += row.inFlight
  }
  return [...sums.values()]
}

/** The latencies of everything but client aborts, cumulated as Prometheus wants them. */
function histogram({ labels, counts, sumMs }: Sum): string[] {
  const lines: string[] = []
  const aborted: Outcome = 'client-abort'
  let cumulative = 0
  for (let bucket = 0; bucket < buckets; bucket++) {
    outcomes.forEach((outcome, row) => {
      if (outcome !== aborted) cumulative += counts[row * buckets + bucket] ?? 0
    })
    const bound = latencyBoundsMs[bucket]
    const le = bound === undefined ? '+Inf' : String(bound / 1000)
    lines.push(`seaworthy_gateway_request_duration_seconds_bucket{${labels},le="${le}"} ${cumulative}`)
  }
  lines.push(`seaworthy_gateway_request_duration_seconds_sum{${labels}} ${sumMs / 1000}`)
  lines.push(`seaworthy_gateway_request_duration_seconds_count{${labels}} ${cumulative}`)
  return lines
}

function sumOf(values: readonly number[], from: number, to: number): number {
  let sum = 0
  for (let i = from; i < to; i++) sum += values[i] ?? 0
  return sum
}

function label(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
