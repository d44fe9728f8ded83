const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/** Regular expression of a name: an RFC 1123 label. */
export const namePattern: string = label.source

/** Whether a text is an RFC 1123 label: 1 to 63 lower-case letters, digits and inner hyphens. */
export function isName(text: string): boolean {
  return label.test(text)
}

/** The nearest RFC 1123 label (`AIDE` → `aide`, `my_app` → `my-app`); undefined when nothing is left. */
export function correctedName(text: string): string | undefined {
  const corrected = text
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '')
  return isName(corrected) ? corrected : undefined
}
