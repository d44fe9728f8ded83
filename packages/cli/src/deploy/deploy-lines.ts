import type { ObjectChange } from '@seaworthy/engine'
import type { Fleet } from '@seaworthy/model'

/** Characters of a value that are shown. */
const shown = 80

/** What would change, as lines: each object, and below it each field. */
export function changeLines(changes: readonly ObjectChange[]): readonly string[] {
  const differing = changes.filter(({ change }) => change !== 'none')
  const count = (change: ObjectChange['change']): number => changes.filter((each) => each.change === change).length
  return [
    ...differing.flatMap(({ object, change, operations }) => [
      `${change} ${object}`,
      ...operations.map((operation) =>
        `  ${operation.op} ${operation.path} ${operation.op === 'remove' ? '' : short(operation.value)}`.trimEnd(),
      ),
    ]),
    [
      ...(count('create') > 0 ? [`${count('create')} to create`] : []),
      ...(count('change') > 0 ? [`${count('change')} to change`] : []),
      `${count('none')} as they are`,
    ].join(', '),
  ]
}

function short(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > shown ? `${text.slice(0, shown)}...` : text
}

/** Approvals of an environment that are not given yet, as sentences. */
export function missingApprovals(
  approvals: Fleet['environment']['approvals'],
  given: readonly string[],
): readonly string[] {
  return approvals.flatMap(({ by, count }) => {
    const have = new Set(given.filter((person) => by.includes(person))).size
    return have >= count ? [] : [`${count} of ${by.join(', ')}`]
  })
}
