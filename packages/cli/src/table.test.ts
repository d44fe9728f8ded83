import { expect, test } from 'vitest'
import { tableLines } from './table.ts'

const columns = [{ title: 'service' }, { title: 'requests', align: 'right' as const }, { title: 'note' }]

test('columns are as wide as their widest cell, numbers to the right', () => {
  expect(
    tableLines(columns, [
      ['api', '1200', 'busy'],
      ['worker', '3', ''],
    ]),
  ).toEqual(['service  requests  note', 'api          1200  busy', 'worker          3'])
})

test('a narrow terminal takes from the widest column first', () => {
  const lines = tableLines(columns, [['api', '1', 'x'.repeat(80)]], { width: 40 })
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40)
  expect(lines[1]).toMatch(/^api {8,}1 {2}x+\.\.\.$/)
})

test('paint does not count as width', () => {
  const painted = [{ title: 'a', paint: (text: string) => `<${text}>` }, { title: 'b' }]
  expect(tableLines(painted, [['xx', 'y']], { heading: false })).toEqual(['<xx>  y'])
})
