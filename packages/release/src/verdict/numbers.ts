/** Six significant digits: what evidence is stored with, so that a last bit of rounding changes no stored decision. */
export function sixDigits(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(6)) : value > 0 ? Number.MAX_VALUE : 0
}

/** Evidence from its logarithm, rounded; at most 1e300. */
export function evidenceOf(logEvidence: number): number {
  return sixDigits(Math.exp(Math.min(logEvidence, 690)))
}

/** `3.1`, `42`, `1,200`, `over a billion`: three significant digits at most, whole above 100. */
export function plain(value: number): string {
  if (value > 1e9) return 'over a billion'
  if (value >= 100) return Math.round(value).toLocaleString('en-US')
  return String(Number(value.toPrecision(value >= 10 ? 3 : 2)))
}

/** `10 %`, `0.5 %`: a rate or share between 0 and 1. */
export function percent(rate: number): string {
  return `${Number((rate * 100).toPrecision(3))} %`
}

/** `45 s`, `3 min 20 s`, `2 h 5 min`: at most two units. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  const hours = Math.floor(minutes / 60)
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
}

/** `1 request`, `12 requests`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`
}
