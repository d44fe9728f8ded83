import type { Cpu } from '../unit-types.ts'
import { plainDecimal } from './decimal.ts'
import { type Parsed, parsed, refused } from './parsed.ts'

const expected = 'a number of cores such as 0.5, or thousandths of one such as 500m'

/** Regular expression of a number of cores written as text. */
export const cpuPattern: string = '^[1-9][0-9]{0,8}m$'
const strict = new RegExp(cpuPattern)

/** `500m` or 0.5 → 0.5 cores; above zero and a whole number of thousandths. */
export function readCpu(value: unknown): Parsed<number> {
  if (typeof value === 'number') {
    const thousandths = Number(`${value}e3`)
    if (value > 0 && Number.isSafeInteger(thousandths)) return parsed(value)
    return refused(`${expected}; above zero and a whole number of thousandths`)
  }
  if (typeof value !== 'string') return refused(expected)
  if (strict.test(value)) return parsed(Number(`${value.slice(0, -1)}e-3`))
  const compact = value.toLowerCase().replace(/\s+/g, '')
  const cores = /^(\d+(?:\.\d+)?)(c|v?cpus?|cores?|)$/.exec(compact)
  if (cores) return refused(expected, String(Number(cores[1])))
  const thousandths = /^0*(\d+)(m|mcpus?|millicores?|millicpus?)$/.exec(compact)
  return refused(expected, thousandths ? `${Number(thousandths[1])}m` : undefined)
}

/** 2 → 2, 0.25 → `250m`; `cores` is above zero and a whole number of thousandths. */
export function printCpu(cores: number): Cpu {
  return Number.isInteger(cores) ? cores : (`${plainDecimal(Number(`${cores}e3`))}m` as Cpu)
}
