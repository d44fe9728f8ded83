import { type Fleet, Problem } from '@seaworthy/model'

/** Members in the order of their `needs`, those that do not need each other side by side. Throws SW7010 for a circle. */
export function wavesByNeeds(services: readonly string[], fleet: Fleet): readonly (readonly string[])[] {
  const left = new Set(services)
  const waves: string[][] = []
  while (left.size > 0) {
    const wave = [...left].filter((name) => !neededBy(name, fleet).some((other) => other !== name && left.has(other)))
    if (wave.length === 0) {
      throw new Problem({
        code: 'SW7010',
        message: `${[...left].join(', ')} need each other in a circle, so no order follows from it.`,
        hint: 'Give the waves yourself.',
      })
    }
    for (const name of wave) left.delete(name)
    waves.push(wave)
  }
  return waves
}

/** Every service that this one needs, directly or through others, so that a service left out does not hide an order. */
function neededBy(service: string, fleet: Fleet): readonly string[] {
  const found = new Set<string>()
  const visit = (name: string): void => {
    for (const { on } of fleet.services[name]?.needs ?? []) {
      if (on.kind !== 'service' || found.has(on.name)) continue
      found.add(on.name)
      visit(on.name)
    }
  }
  visit(service)
  return [...found]
}

/** The caller's waves, each member in exactly one. Throws SW7010. */
export function checkedWaves(
  services: readonly string[],
  waves: readonly (readonly string[])[],
): readonly (readonly string[])[] {
  const named = waves.flat()
  const wrong = [
    ...services.filter((name) => named.filter((each) => each === name).length !== 1),
    ...named.filter((name) => !services.includes(name)),
  ]
  if (wrong.length === 0) return waves.filter((wave) => wave.length > 0)
  throw new Problem({
    code: 'SW7010',
    message: `The waves do not name every member exactly once: ${[...new Set(wrong)].join(', ')}.`,
    hint: `The members are ${services.join(', ')}.`,
  })
}
