import { formatNumber } from './interleave.ts'
import type { BenchResult, Measure } from './result.ts'

/** A benchmark's result as a person reads it. */
export function formatResult(result: BenchResult): string {
  const { machine } = result
  const lines = [`${result.name} · n = ${result.n}, median [min .. max]`, '']
  for (const measure of [result, ...(result.parts ?? [])]) lines.push(...measureLines(measure), '')
  for (const target of result.targets ?? []) lines.push(`${target.met ? 'met    ' : 'missed '} ${target.claim}`)
  for (const note of result.notes ?? []) lines.push(`note    ${note}`)
  lines.push(
    `machine ${machine.cores} × ${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.os}, Node ${machine.node}, load ${machine.load} at the start`,
  )
  return lines.join('\n')
}

function measureLines(measure: Measure): string[] {
  const rows = [['ours', measure.ours] as const, ...Object.entries(measure.peers)]
  const cells = rows.map(([name, value]) => {
    const spread = measure.spread?.[name]
    return {
      name,
      value: formatNumber(value),
      spread: spread ? `[${formatNumber(spread[0])} .. ${formatNumber(spread[1])}]` : '',
      times: name === 'ours' ? '' : `ours is ${formatNumber(measure.ours / value)} ×`,
    }
  })
  const width = (key: 'name' | 'value' | 'spread'): number => Math.max(...cells.map((cell) => cell[key].length))
  const [names, values, spreads] = [width('name'), width('value'), width('spread')]
  return [
    `${measure.name} (${measure.unit}, ${measure.better} is better${measure.n === 0 ? '' : `, n = ${measure.n}`})`,
    ...cells.map((cell) =>
      `  ${cell.name.padEnd(names)}  ${cell.value.padStart(values)}  ${cell.spread.padEnd(spreads)}  ${cell.times}`.trimEnd(),
    ),
  ]
}
