import { Problem } from '../problem.ts'
import type { UnitKind } from '../schema/node.ts'
import { datePattern, readDate } from './calendar-date.ts'
import { cpuPattern, printCpu, readCpu } from './cpu.ts'
import { readCron } from './cron.ts'
import { durationPattern, printDuration, readDuration } from './duration.ts'
import { type Parsed, parsed } from './parsed.ts'
import { percentPattern, printPercent, readPercent } from './percent.ts'
import { printRate, ratePattern, readRate } from './rate.ts'
import { printSize, readSize, sizePattern } from './size.ts'

/** Reads a value with a unit as it is written in a catalog: ms, bytes, per second, fraction, cores; dates and cron stay text. */
export function readUnit(unit: UnitKind, value: unknown): Parsed<number | string> {
  switch (unit) {
    case 'duration':
      return readDuration(value)
    case 'size':
      return readSize(value)
    case 'rate':
      return readRate(value)
    case 'percent':
      return readPercent(value)
    case 'cpu':
      return readCpu(value)
    case 'date':
      return readDate(value)
    case 'cron': {
      const cron = readCron(value)
      return cron.ok ? parsed(String(value)) : cron
    }
    default:
      return unit satisfies never
  }
}

/** Writes a resolved value with its unit, as an author would: the reverse of `readUnit`. */
export function printUnit(unit: UnitKind, value: number | string): string {
  if (typeof value === 'string') return value
  switch (unit) {
    case 'duration':
      return printDuration(value)
    case 'size':
      return printSize(value)
    case 'rate':
      return printRate(value)
    case 'percent':
      return printPercent(value)
    case 'cpu':
      return String(printCpu(value))
    case 'date':
    case 'cron':
      return String(value)
    default:
      return unit satisfies never
  }
}

/** Regular expression of a unit's written form, for the JSON Schema; undefined where none says enough. */
export function unitPattern(unit: UnitKind): string | undefined {
  switch (unit) {
    case 'duration':
      return durationPattern
    case 'size':
      return sizePattern
    case 'rate':
      return ratePattern
    case 'percent':
      return percentPattern
    case 'cpu':
      return cpuPattern
    case 'date':
      return datePattern
    case 'cron':
      return '^\\S+( \\S+){4}$'
    default:
      return unit satisfies never
  }
}

/** Reads a value with a unit, or throws a Problem that says what was expected and what was probably meant. */
export function parseUnit(unit: UnitKind, value: unknown): number | string {
  const result = readUnit(unit, value)
  if (result.ok) return result.value
  throw new Problem({
    code: 'SW1004',
    message: `expected ${result.expected}, found ${JSON.stringify(value)}`,
    ...(result.nearest !== undefined && { hint: `write ${result.nearest}` }),
  })
}
