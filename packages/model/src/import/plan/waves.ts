import { type DraftPart, referencesIn } from '../draft.ts'

/** Parts in the order in which they can start: each wave needs only what stands in earlier ones. */
export function startWaves(parts: readonly DraftPart[]): readonly (readonly string[])[] {
  const running = parts.filter((part) => ['service', 'job', 'postgres', 'redis', 'volume'].includes(part.kind))
  const names = new Set(running.map((part) => part.name))
  const waiting = new Map(
    running.map((part) => [
      part.name,
      new Set(
        referencesIn(part.spec)
          .map((reference) => reference.name)
          .filter((name) => names.has(name) && name !== part.name),
      ),
    ]),
  )
  const waves: string[][] = []
  while (waiting.size > 0) {
    const free = [...waiting]
      .filter(([, needs]) => [...needs].every((need) => !waiting.has(need)))
      .map(([name]) => name)
    // Needs that go in a circle are refused elsewhere; here they go together so that the plan still ends.
    const wave = free.length > 0 ? free : [...waiting.keys()]
    for (const name of wave) waiting.delete(name)
    waves.push(wave)
  }
  return waves
}
