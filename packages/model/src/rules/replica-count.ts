import type { Service } from '../resolved.generated.ts'
import { replicasOf } from './context.ts'

/** A number of replicas from a count or a percentage such as `50%` of `of`, rounded up. */
export function countOf(value: number | string, of: number): number {
  return typeof value === 'number' ? value : Math.ceil((Number.parseFloat(value) / 100) * of - 1e-9)
}

/** Replicas that a release runs beside those that are there, when it may not take any away first. */
export function surgeOf(service: Service): number {
  const { least } = replicasOf(service)
  const { strategy, maxSurge, maxUnavailable, steps } = service.rollout
  if (least === 0) return 0
  switch (strategy) {
    case 'blue-green':
      return least
    case 'canary':
      return Math.max(1, Math.ceil(Math.max(0, ...(steps ?? [0.5]).filter((share) => share < 1)) * least))
    case 'rolling':
      return countOf(maxUnavailable, least) > 0 ? 0 : countOf(maxSurge, least)
    default:
      return strategy satisfies never
  }
}
