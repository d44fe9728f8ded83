/** Text that stands in the config as it is: the name of a constant, or a call. */
export interface Code {
  readonly kind: 'code'
  readonly code: string
}

/** A call with a name and perhaps an object: `secret('jwt')`, `environment('production', { ... })`. */
export interface Call {
  readonly kind: 'call'
  /** `secret('jwt'`: everything before the object. */
  readonly head: string
  readonly argument: unknown
}

/** An object literal: what is spread into it first, its fields, and remarks above them. */
export interface Literal {
  readonly kind: 'literal'
  readonly spread: readonly string[]
  readonly fields: readonly (readonly [key: string, value: unknown])[]
  readonly remarks: Readonly<Record<string, readonly string[]>>
  /** Written over several lines even where one would do. */
  readonly open: boolean
}

/** Columns that a line may have. */
const lineWidth = 120

export function code(text: string): Code {
  return { kind: 'code', code: text }
}

/** A call; the object is left out where it is empty. */
export function call(maker: string, name: string, argument: unknown): Call {
  return { kind: 'call', head: `${maker}(${printText(name)}`, argument }
}

/** An object literal of fields. */
export function literal(
  fields: Literal['fields'],
  options: { readonly spread?: readonly string[]; readonly remarks?: Literal['remarks']; readonly open?: boolean } = {},
): Literal {
  return {
    kind: 'literal',
    fields,
    spread: options.spread ?? [],
    remarks: options.remarks ?? {},
    open: options.open ?? false,
  }
}

/**
 * A value as TypeScript source in the project's style: on one line where it fits behind `column`, over several where it
 * does not; `indent` is the number of spaces that its first line begins with.
 */
export function printValue(value: unknown, indent = 0, column: number = indent): string {
  const line = inline(value)
  if (line !== undefined && column + line.length <= lineWidth - 1) return line
  if (Array.isArray(value)) {
    const items = value.map((item) => `${' '.repeat(indent + 2)}${printValue(item, indent + 2)},\n`)
    return `[\n${items.join('')}${' '.repeat(indent)}]`
  }
  if (isCall(value)) return `${value.head}, ${printValue(value.argument, indent, column + value.head.length + 3)})`
  if (isLiteral(value)) return printLiteral(value, indent)
  if (typeof value === 'object' && value !== null && !isCode(value))
    return printLiteral(literal(Object.entries(value)), indent)
  return line ?? 'undefined'
}

function printLiteral({ spread, fields, remarks }: Literal, indent: number): string {
  const margin = ' '.repeat(indent + 2)
  const spreads = spread.map((name) => `${margin}...${name},\n`)
  const lines = fields.map(([key, value]) => {
    const head = `${printKey(key)}: `
    const notes = ((Object.hasOwn(remarks, key) && remarks[key]) || []).flatMap((remark) =>
      printRemark(remark, indent + 2),
    )
    const text =
      isCode(value) && value.code === key ? key : `${head}${printValue(value, indent + 2, indent + 2 + head.length)}`
    return `${notes.join('')}${margin}${text},\n`
  })
  return `{\n${spreads.join('')}${lines.join('')}${' '.repeat(indent)}}`
}

/** A remark as comment lines. */
export function printRemark(remark: string, indent: number): string[] {
  const width = lineWidth - indent - 3
  const lines: string[] = []
  let line = ''
  for (const word of remark.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].map((text) => `${' '.repeat(indent)}// ${text}\n`)
}

/** The value on one line; undefined where a remark or its shape asks for several. */
function inline(value: unknown): string | undefined {
  if (isCode(value)) return value.code
  if (isCall(value)) {
    const argument = inline(value.argument)
    return argument === '{}' ? `${value.head})` : argument === undefined ? undefined : `${value.head}, ${argument})`
  }
  if (isLiteral(value)) {
    if (value.open || Object.keys(value.remarks).length > 0) return undefined
    const fields = value.fields.map(([key, item]) => {
      const text = inline(item)
      if (text === undefined) return undefined
      return isCode(item) && item.code === key ? key : `${printKey(key)}: ${text}`
    })
    if (fields.includes(undefined)) return undefined
    const all = [...value.spread.map((name) => `...${name}`), ...fields]
    return all.length === 0 ? '{}' : `{ ${all.join(', ')} }`
  }
  if (Array.isArray(value)) {
    const items = value.map(inline)
    // As formatters do: several objects of several fields each stand on lines of their own.
    if (value.length > 1 && value.every((item) => sizeOf(item) > 1)) return undefined
    return items.includes(undefined) ? undefined : `[${items.join(', ')}]`
  }
  if (typeof value === 'string') return printText(value)
  if (typeof value === 'object' && value !== null) return inline(literal(Object.entries(value)))
  return String(value)
}

/** How many fields or items a value has. */
function sizeOf(value: unknown): number {
  if (isCode(value) || isCall(value)) return 0
  if (isLiteral(value)) return value.fields.length + value.spread.length
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0
}

/** A text in single quotes, or in double ones where that escapes less. */
export function printText(text: string): string {
  const singles = text.split("'").length - 1
  const doubles = text.split('"').length - 1
  const quote = singles > doubles ? '"' : "'"
  let out = ''
  for (const character of text) {
    if (character === '\\' || character === quote) out += `\\${character}`
    else if (character === '\n') out += '\\n'
    else if (character === '\r') out += '\\r'
    else if (character === '\t') out += '\\t'
    else if (isControl(character)) out += `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
    else out += character
  }
  return `${quote}${out}${quote}`
}

function isControl(character: string): boolean {
  const unit = character.charCodeAt(0)
  return unit < 32 || unit === 127 || unit === 0x2028 || unit === 0x2029
}

function printKey(key: string): string {
  // Written plainly it would set the prototype.
  if (key === '__proto__') return "['__proto__']"
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(key) ? key : printText(key)
}

function isCode(value: unknown): value is Code {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'code' && 'code' in value
}

function isCall(value: unknown): value is Call {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'call' && 'head' in value
}

function isLiteral(value: unknown): value is Literal {
  return (
    typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'literal' && 'fields' in value
  )
}
