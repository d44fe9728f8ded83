import { parsePath } from '../catalog-path.ts'
import type { ProblemDetails } from '../problem.ts'
import type { Fleet } from '../resolved.generated.ts'
import { collections } from '../schema/collections.ts'

const keys: ReadonlySet<string> = new Set(collections.map(({ key }) => key))

/**
 * A partly resolved fleet without the parts that could not be read, so that rules meet whole parts only; undefined when
 * the fleet itself could not be read.
 */
export function withoutBroken(fleet: Fleet, problems: readonly ProblemDetails[]): Fleet | undefined {
  if (problems.length === 0) return fleet
  const broken = new Map<string, Set<string>>()
  for (const { where } of problems) {
    const [key, name] = parsePath(where?.path ?? '')
    if (typeof key !== 'string' || name === undefined || !keys.has(key)) return undefined
    // `services[3]`: something that is no part at all was left out already.
    if (typeof name === 'number') continue
    broken.set(key, (broken.get(key) ?? new Set()).add(name))
  }
  if (broken.get('environments')?.has(fleet.environment.name)) return undefined
  const whole: Record<string, unknown> = { ...fleet }
  for (const [key, names] of broken) {
    const parts = fleet[key as keyof Fleet] as Readonly<Record<string, unknown>>
    whole[key] = Object.fromEntries(Object.entries(parts).filter(([name]) => !names.has(name)))
  }
  return whole as unknown as Fleet
}
