/** Without spaces and tabs at both ends; `String.trim` would also take bytes such as 0xa0, which other parsers keep. */
export function trimSpace(value: string): string {
  let start = 0
  let end = value.length
  while (start < end && isSpace(value.charCodeAt(start))) start++
  while (end > start && isSpace(value.charCodeAt(end - 1))) end--
  return start === 0 && end === value.length ? value : value.slice(start, end)
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9
}

/** A block of field lines (`Name: value\r\n`…) as a flat list of names and values. */
export function pairsOf(block: string): string[] {
  const pairs: string[] = []
  let start = 0
  while (start < block.length) {
    const end = block.indexOf('\r\n', start)
    const colon = block.indexOf(':', start)
    pairs.push(block.slice(start, colon), trimSpace(block.slice(colon + 1, end)))
    start = end + 2
  }
  return pairs
}

/** The value of the first field with this lower-case name; `undefined` when there is none. */
export function fieldOf(block: string, name: string): string | undefined {
  const length = name.length
  let start = 0
  while (start < block.length) {
    const end = block.indexOf('\r\n', start)
    if (block.charCodeAt(start + length) === 58 && block.slice(start, start + length).toLowerCase() === name) {
      return trimSpace(block.slice(start + length + 1, end))
    }
    start = end + 2
  }
  return undefined
}

/** The block without the fields that have one of these lower-case names. */
export function withoutFields(block: string, names: ReadonlySet<string>): string {
  let kept = ''
  let start = 0
  while (start < block.length) {
    const end = block.indexOf('\r\n', start) + 2
    const name = block.slice(start, block.indexOf(':', start)).toLowerCase()
    if (!names.has(name)) kept += block.slice(start, end)
    start = end
  }
  return kept
}

/** The tokens of a comma-separated list, in lower case. */
export function listTokens(value: string): string[] {
  return value
    .toLowerCase()
    .split(',')
    .map(trimSpace)
    .filter((token) => token !== '')
}

/** A field name: one or more token characters (RFC 9110 §5.6.2). */
export const tokenPattern: RegExp = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** A field value: visible characters, spaces, tabs and bytes above 0x7f, without space at its ends. */
export const valuePattern: RegExp = /^(?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?$/
