import type { Size } from '../unit-types.ts'
import { decimalPattern, scaled } from './decimal.ts'
import { type Parsed, parsed, refused } from './parsed.ts'

const factors = {
  B: 1,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
} as const
type SizeUnit = keyof typeof factors
const strict = new RegExp(`^(${decimalPattern})(B|Ki|Mi|Gi|Ti|kB|MB|GB|TB)$`)
const expected = 'a size such as 512Ki, 256Mi, 2Gi (powers of 1024) or 500MB, 1GB (powers of 1000)'

/** Regular expression of a written size. */
export const sizePattern: string = `^${decimalPattern}(B|Ki|Mi|Gi|Ti|kB|MB|GB|TB)$`

/** `256Mi` → 268435456 bytes; a whole number of bytes. */
export function readSize(value: unknown): Parsed<number> {
  if (typeof value !== 'string') return refused(expected, typeof value === 'number' ? `${value}Mi` : undefined)
  const match = strict.exec(value)
  if (match) {
    const bytes = scaled(match[1] ?? '', factors[match[2] as SizeUnit])
    return bytes === undefined ? refused(`${expected}, a whole number of bytes`) : parsed(bytes)
  }
  const loose = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(value.toLowerCase().replace(/[\s_,]+/g, ''))
  const unit = loose && looseUnit(loose[2] ?? '')
  return refused(expected, unit ? `${Number(loose[1])}${unit}` : undefined)
}

/** What is meant by `m`, `mb`, `mib`, `megabytes` and the like; a bare `M` is read as Compose does, as MiB. */
function looseUnit(word: string): SizeUnit | undefined {
  if (/^(b|bytes?)$/.test(word)) return 'B'
  const [initial = ''] = word
  if (!'kmgt'.includes(initial)) return undefined
  const letter = initial.toUpperCase()
  if (/^.(i|ib|ibibytes?|ebibytes?)?$/.test(word)) return `${letter}i` as SizeUnit
  if (/^.(b|ilobytes?|egabytes?|igabytes?|erabytes?)$/.test(word)) {
    return (initial === 'k' ? 'kB' : `${letter}B`) as SizeUnit
  }
  return undefined
}

/** 268435456 → `256Mi`: the shortest exact text; `bytes` is a whole number from 0. */
export function printSize(bytes: number): Size {
  let best: Size = `${bytes}B`
  if (bytes === 0) return best
  for (const unit of ['Ki', 'Mi', 'Gi', 'Ti', 'kB', 'MB', 'GB', 'TB'] as const) {
    if (bytes % factors[unit] !== 0) continue
    const text: Size = `${bytes / factors[unit]}${unit}`
    if (text.length < best.length) best = text
  }
  return best
}
