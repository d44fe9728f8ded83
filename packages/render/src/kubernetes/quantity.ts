const binary = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi'] as const

/** Bytes as a Kubernetes quantity: the largest binary unit that holds the value without a fraction. */
export function bytesQuantity(bytes: number): string {
  let value = Math.round(bytes)
  let unit = ''
  for (const next of binary) {
    if (value === 0 || value % 1024 !== 0) break
    value /= 1024
    unit = next
  }
  return `${value}${unit}`
}

/** Cores as a Kubernetes quantity: `250m`, `2`. */
export function coresQuantity(cores: number): string {
  const milli = Math.round(cores * 1000)
  return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`
}

/** ms as whole seconds, rounded up, at least `least`. */
export function seconds(ms: number, least = 0): number {
  return Math.max(least, Math.ceil(ms / 1000))
}
