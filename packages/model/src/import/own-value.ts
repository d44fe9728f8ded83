/** What a table holds under a key that a file gave; what every object inherits, such as `toString`, is not in it. */
export function ownValue<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}
