import type { Notes } from '../note.ts'
import type { KubernetesObject } from './objects.ts'
import { textMap } from './objects.ts'
import { quantityAsCpu, quantityAsSize } from './quantity.ts'

/** The ResourceQuota of a namespace as the quota of its environment. */
export function readQuota(
  objects: readonly KubernetesObject[],
  notes: Notes,
): Readonly<Record<string, unknown>> | undefined {
  const quota: Record<string, unknown> = {}
  for (const object of objects.filter((candidate) => candidate.kind === 'ResourceQuota')) {
    const hard = object.section.section('spec')?.take('hard')
    for (const [key, value] of textMap(hard)) {
      const at = hard?.kind === 'mapping' ? (hard.entries.get(key)?.at ?? object.section.at) : object.section.at
      if (key === 'limits.cpu' || (key === 'requests.cpu' && quota.cpu === undefined) || key === 'cpu')
        quota.cpu = quantityAsCpu(value)
      else if (key === 'limits.memory' || (key === 'requests.memory' && quota.memory === undefined) || key === 'memory')
        quota.memory = quantityAsSize(value)
      else if (key === 'requests.storage') quota.storage = quantityAsSize(value)
      else if (key === 'pods') quota.replicas = Number(value)
      else if (!/^(requests|limits)\.(cpu|memory)$/.test(key))
        notes.lost(
          at,
          `${object.section.path}.spec.hard`,
          `${key} is not bounded`,
          'Keep the quota beside what is rendered.',
        )
    }
  }
  return Object.keys(quota).length > 0 ? quota : undefined
}
