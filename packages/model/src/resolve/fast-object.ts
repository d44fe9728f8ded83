/** Makes an object of the values that are not undefined, in the order of the keys. */
export type MakeObject = (values: readonly unknown[]) => Record<string, unknown>

interface Template {
  readonly empty: object
  /** Indices of the keys that it has. */
  readonly indices: readonly number[]
}

/** Keys whose presence one number says, bit by bit. */
const bits = 30

/**
 * V8 stores an object that is filled key by key as a hash table from about its 13th key on, and every later read of it is slow.
 * A copy of a template that has the keys from the start keeps them in fixed places, and all objects with the same keys
 * share one layout. Checking a fleet of a thousand services takes half the time for it.
 */
export function fastObjects(keys: readonly string[]): MakeObject {
  const templates = new Map<number, Map<number, Template>>()
  return (values) => {
    let low = 0
    let high = 0
    for (let index = 0; index < keys.length; index += 1) {
      if (values[index] === undefined) continue
      if (index < bits) low += 2 ** index
      else high += 2 ** (index - bits)
    }
    let others = templates.get(low)
    if (!others) {
      others = new Map()
      templates.set(low, others)
    }
    let template = others.get(high)
    if (!template) {
      template = templateOf(keys, values)
      others.set(high, template)
    }
    const object = { ...template.empty } as Record<string, unknown>
    for (const index of template.indices) object[keys[index] ?? ''] = values[index]
    return object
  }
}

/** `JSON.parse` makes an object of many keys at once, and needs no generated code for it. */
function templateOf(keys: readonly string[], values: readonly unknown[]): Template {
  const indices = keys.map((_, index) => index).filter((index) => values[index] !== undefined)
  const empty = JSON.parse(`{${indices.map((index) => `${JSON.stringify(keys[index])}:null`).join(',')}}`) as object
  return { empty, indices }
}
