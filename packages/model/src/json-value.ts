/** An object of plain data: not a list, not an instance of a class. */
export type PlainObject = Readonly<Record<string, unknown>>

/** Whether a value is an object literal (of any realm) or has no prototype. */
export function isPlainObject(value: unknown): value is PlainObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
}

/** What a value is, in words for a message: `a list`, `the text "5 min"`, `the redis \`cache\``. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'nothing'
    case 'string':
      return `the text ${JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value)}`
    case 'number':
    case 'bigint':
      return `the number ${value}`
    case 'boolean':
      return `${value}`
    case 'symbol':
      return 'a symbol'
    case 'function':
      return value.name ? `the function ${value.name}` : 'a function'
    case 'object': {
      if (value === null) return 'null'
      if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
      if (value instanceof Promise) return 'a promise'
      if (isPlainObject(value)) return 'an object'
      const name: unknown = value.constructor?.name
      return typeof name === 'string' ? `an instance of ${name}` : 'an object'
    }
    default:
      return 'an unknown value'
  }
}
