import type { Json } from '@seaworthy/model'

type Values = { readonly [key: string]: Json }

function isMap(value: Json | undefined): value is Values {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/**
 * What may stand in a chart's own `values.yaml`: the keys, at every depth, that every environment sets, with the first
 * one's values. Helm merges an environment's values into those maps, so that a key more would stay where that environment
 * has none.
 */
export function commonValues(environments: readonly Values[]): Values {
  const [first = {}] = environments
  const kept = Object.entries(first).filter(([key]) => environments.every((values) => key in values))
  return Object.fromEntries(
    kept.map(([key, value]) => {
      const all = environments.map((values) => values[key])
      return [key, all.every(isMap) ? commonValues(all) : value]
    }),
  )
}
