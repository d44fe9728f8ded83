import { correctedName } from '../part-name.ts'

/** Gives out names that are RFC 1123 labels and not taken yet. */
export interface PartNames {
  /** The name for what was called `written`; `suffix` tells it from a namesake of another kind. */
  take(written: string, suffix?: string): string
}

/** Begins with no name taken. */
export function openPartNames(): PartNames {
  const taken = new Set<string>()
  return {
    take(written, suffix = '2') {
      const wanted = correctedName(written) ?? 'part'
      let name = wanted
      for (let count = 1; taken.has(name); count += 1) {
        const ending = count === 1 ? suffix : `${suffix}-${count}`
        name = `${wanted.slice(0, 62 - ending.length)}-${ending}`
      }
      taken.add(name)
      return name
    },
  }
}

/** The nearest name that a part or a fleet may have to a text such as a folder's name. */
export function partName(text: string): string {
  return correctedName(text) ?? 'fleet'
}
