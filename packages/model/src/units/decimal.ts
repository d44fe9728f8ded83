/** A decimal number without sign or exponent and without leading zeros. */
export const decimalPattern: string = '(?:0|[1-9][0-9]{0,14})(?:\\.[0-9]{1,9})?'

/** `text × factor` when it is a whole number that a double holds exactly; otherwise undefined. No rounding on the way. */
export function scaled(text: string, factor: number): number | undefined {
  const point = text.indexOf('.')
  if (point === -1) {
    const value = Number(text) * factor
    return Number.isSafeInteger(value) ? value : undefined
  }
  const digits = BigInt(text.slice(0, point) + text.slice(point + 1)) * BigInt(factor)
  const divisor = 10n ** BigInt(text.length - point - 1)
  if (digits % divisor !== 0n) return undefined
  const value = Number(digits / divisor)
  return Number.isSafeInteger(value) ? value : undefined
}

/** The shortest decimal text of a number, without an exponent; `value` must be finite and not negative. */
export function plainDecimal(value: number): string {
  const text = String(value)
  const [mantissa = '', exponentText] = text.split('e')
  if (exponentText === undefined) return text
  const exponent = Number(exponentText)
  const [whole = '', fraction = ''] = mantissa.split('.')
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${whole}${fraction}`
  return `${whole}${fraction}${'0'.repeat(Math.max(0, exponent - fraction.length))}`
}
