import type { Cpu, Duration, Size } from '../../unit-types.ts'
import { printDuration } from '../../units/duration.ts'
import { printSize } from '../../units/size.ts'

const nanoseconds: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
}

/** `1m30s` → 90000 ms, as Compose (and Go) write durations; undefined when it is none. Rounded up to a millisecond. */
export function composeDuration(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return undefined
  const sum = parts.reduce((total, [, amount, unit]) => total + Number(amount) * (nanoseconds[unit ?? ''] ?? 0), 0)
  return Math.ceil(sum / 1e6)
}

/** `1m30s` → `90s`. */
export function asDuration(text: string): Duration | undefined {
  const milliseconds = composeDuration(text)
  return milliseconds === undefined ? undefined : printDuration(milliseconds)
}

const powers: Readonly<Record<string, number>> = { b: 0, k: 1, m: 2, g: 3, t: 4 }

/** `512m`, `1.5gb`, `1024` → bytes; Compose counts every unit in powers of 1024. Undefined when it is no size. */
export function composeBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([bkmgt]?)(?:i?b)?$/i.exec(text.trim())
  if (!match) return undefined
  return Math.round(Number(match[1]) * 1024 ** (powers[(match[2] ?? '').toLowerCase()] ?? 0))
}

/** `512m` → `512Mi`. */
export function asSize(text: string): Size | undefined {
  const bytes = composeBytes(text)
  return bytes === undefined || bytes === 0 ? undefined : printSize(bytes)
}

/** `0.5` → 0.5, `0.125` → 0.125; at least a thousandth of a core. */
export function asCpu(text: string): Cpu | undefined {
  const cores = Number(text)
  if (!Number.isFinite(cores) || cores <= 0) return undefined
  return Math.max(0.001, Math.round(cores * 1000) / 1000)
}
