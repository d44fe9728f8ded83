/** One step in a catalog: a key of an object or record, or an index of a list. */
export type PathStep = string | number

/** `services.api.needs[0]`, `services.api.storage["/data"]`: how a place in a catalog is written. */
export function formatPath(steps: readonly PathStep[]): string {
  let text = ''
  for (const step of steps) {
    if (typeof step === 'number') text += `[${step}]`
    else if (/^[A-Za-z0-9_-]+$/.test(step)) text += text === '' ? step : `.${step}`
    else text += `[${JSON.stringify(step)}]`
  }
  return text
}

/** The steps of a written catalog path: the reverse of `formatPath`. */
export function parsePath(text: string): readonly PathStep[] {
  const steps: PathStep[] = []
  for (const match of text.matchAll(/\.?([A-Za-z0-9_-]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/g)) {
    const [, key, index, quoted] = match
    if (key !== undefined) steps.push(key)
    else if (index !== undefined) steps.push(Number(index))
    else steps.push(JSON.parse(quoted ?? '""') as string)
  }
  return steps
}
