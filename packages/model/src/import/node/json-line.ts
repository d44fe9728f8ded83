/** Line (from 1) on which a key stands in JSON as people format it: the last of `keys`, each looked for after the one before. */
export function jsonLine(text: string, ...keys: readonly string[]): number {
  let at = 0
  for (const key of keys) {
    const found = text.indexOf(`"${key}"`, at)
    if (found < 0) break
    at = found
  }
  return text.slice(0, at).split('\n').length
}
