import type { Cpu, Size } from '../../unit-types.ts'
import { printSize } from '../../units/size.ts'

const factors: Readonly<Record<string, number>> = {
  '': 1,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
}

/** `128Mi`, `1.5G`, `129e6`, `500m` → a number, as Kubernetes reads quantities; undefined when it is none. */
export function readQuantity(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(?:[eE]([+-]?\d+)|(Ki|Mi|Gi|Ti|Pi|m|k|M|G|T|P)?)$/.exec(text.trim())
  if (!match) return undefined
  const [, amount, exponent, unit = ''] = match
  return exponent === undefined ? Number(amount) * (factors[unit] ?? 1) : Number(amount) * 10 ** Number(exponent)
}

/** A size as the catalog writes it. */
export function quantityAsSize(text: string): Size | undefined {
  const bytes = readQuantity(text)
  return bytes === undefined || bytes < 1 ? undefined : printSize(Math.round(bytes))
}

/** A number of cores as the catalog writes it. */
export function quantityAsCpu(text: string): Cpu | undefined {
  const cores = readQuantity(text)
  return cores === undefined || cores <= 0 ? undefined : Math.max(0.001, Math.round(cores * 1000) / 1000)
}
