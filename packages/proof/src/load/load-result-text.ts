import type { Distribution, QuantileEstimate } from './distribution.ts'
import type { LoadResult } from './load-result.ts'

/** A load's result as a person reads it: what was asked, what came back, how long it took and how sure that is. */
export function formatLoad(title: string, result: LoadResult): string {
  const { requests, errors, validity } = result
  const count = (value: number): string => value.toLocaleString('en-US')
  const percent = (share: number): string => `${(share * 100).toPrecision(3)} %`
  const statuses = Object.entries(result.statuses).map(([status, n]) => `${status} × ${count(n)}`)
  const failures = Object.entries(result.failures).map(([kind, n]) => `${kind} × ${count(n)}`)
  const confidence = `${(result.latency.confidence * 100).toFixed(0)} %`
  const rows = [
    row('latency', result.latency),
    row('service', result.service),
    row('waiting', result.wait),
    row('send lag', result.lag),
    ...Object.entries(result.measures).map(([name, of]) => row(name, of)),
    ...Object.entries(result.labels).map(([name, label]) => row(name, label.latency)),
  ]
  const head = ['ms', 'n', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'max']
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((cells) => cells[column]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
  return [
    `${title}: ${result.model} model, ${count(requests.due)} requests in ${(result.elapsedMs / 1000).toFixed(1)} s, ${result.offeredRate.toFixed(1)}/s asked, ${result.goodRate.toFixed(1)}/s answered below 500`,
    validity.kind === 'valid'
      ? `valid: the client was not the bottleneck (${result.client.cpuMicrosPerRequest.toFixed(1)} µs CPU/request, ${percent(result.client.busy)} busy)`
      : `INVALID: ${validity.reasons.join('; ')}`,
    `errors ${count(errors.events)} of ${count(errors.n)} = ${percent(errors.share)} (${confidence} interval ${percent(errors.low)} .. ${percent(errors.high)})${statuses.length > 0 ? `; ${statuses.join(', ')}` : ''}${failures.length > 0 ? `; ${failures.join(', ')}` : ''}`,
    line(head),
    ...rows.map(line),
    `Latency runs from the time at which a request was due; [..] is the ${confidence} interval, - where n is too small for a bound; ≥ where requests were given up.`,
  ].join('\n')
}

function row(name: string, of: Distribution): string[] {
  if (of.n === 0) return [name, '0', ...Array.from({ length: 6 }, () => '-')]
  return [name, of.n.toLocaleString('en-US'), ...of.quantiles.map(quantile), milliseconds(of.max)]
}

function quantile(estimate: QuantileEstimate): string {
  const bound = (value: number | null): string => (value === null ? '-' : milliseconds(value))
  return `${estimate.atLeast ? '≥ ' : ''}${milliseconds(estimate.value)} [${bound(estimate.low)}..${bound(estimate.high)}]`
}

/** Three significant digits: the histogram knows no more. */
function milliseconds(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}
