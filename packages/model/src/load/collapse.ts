import { formatWhere, type ProblemDetails } from '../problem.ts'

/**
 * One mistake in a helper is found in every part that the helper made: problems of the same code at the same place in
 * the file become one, which names the parts.
 */
export function collapse<T extends ProblemDetails>(problems: readonly T[]): readonly T[] {
  const groups = new Map<string, T[]>()
  for (const problem of problems) {
    const { path = '', ...place } = problem.where ?? {}
    const key =
      place.line === undefined ? `${problem.code} ${path}` : `${problem.code} ${formatWhere(place)} ${problem.message}`
    const group = groups.get(key)
    if (group) group.push(problem)
    else groups.set(key, [problem])
  }
  return [...groups.values()].flatMap((group) => {
    const [first, second] = group
    if (!first || !second) return group
    const more = group.length > 2 ? ` and ${group.length - 2} more` : ''
    return [{ ...first, message: `${first.message} (also at ${second.where?.path ?? ''}${more})` }]
  })
}
