import type { DraftRef } from '../draft.ts'
import type { Notes } from '../note.ts'
import { openSection, type Section } from '../section.ts'
import { textOf } from '../yaml/tree.ts'
import { textMap } from './objects.ts'

const zoneLabel = 'topology.kubernetes.io/zone'
const hostLabel = 'kubernetes.io/hostname'

/** Where a pod may run: node selector, affinity and spread. */
export function readPlace(pod: Section, machine: (name: string) => DraftRef, notes: Notes): unknown {
  const place: { machines?: DraftRef[]; zones?: string[]; spread?: string; antiAffinity?: string } = {}
  for (const [label, value] of textMap(pod.take('nodeSelector'))) {
    if (label === zoneLabel || label.endsWith('/zone')) place.zones = [value]
    else if (label === hostLabel) place.machines = [machine(value)]
    else if (!/^(kubernetes\.io|beta\.kubernetes\.io)\/(os|arch)$/.test(label))
      notes.lost(
        pod.placeOf('nodeSelector'),
        `${pod.path}.nodeSelector`,
        `nodes are not chosen by the label ${label}`,
        'Declare the machines and name them under `place`, or add it under `kubernetes`.',
      )
  }
  const affinity = pod.section('affinity')
  if (affinity) {
    const anti = affinity.section('podAntiAffinity')
    if (anti) place.antiAffinity = anti.has('requiredDuringSchedulingIgnoredDuringExecution') ? 'required' : 'preferred'
    readNodeAffinity(affinity.section('nodeAffinity'), place, machine, notes)
    affinity.close(notes, {
      podAffinity: { kind: 'lost', what: 'replicas are not put beside others', instead: 'Add it under `kubernetes`.' },
    })
  }
  for (const item of pod.items('topologySpreadConstraints')) {
    if (item.kind !== 'mapping') continue
    const key = textOf(item.entries.get('topologyKey'))
    if (key === zoneLabel) place.spread = 'zone'
    else if (key !== hostLabel)
      notes.lost(
        item.at,
        `${pod.path}.topologySpreadConstraints`,
        `${key ?? 'nothing'} is not spread over`,
        'Spread over `machine` or `zone`.',
      )
  }
  const { antiAffinity, ...rest } = place
  const written = { ...rest, ...(antiAffinity === 'required' && { antiAffinity }) }
  return Object.keys(written).length > 0 ? written : undefined
}

function readNodeAffinity(
  node: Section | undefined,
  place: { machines?: DraftRef[]; zones?: string[] },
  machine: (name: string) => DraftRef,
  notes: Notes,
): void {
  const terms = node?.section('requiredDuringSchedulingIgnoredDuringExecution')?.items('nodeSelectorTerms') ?? []
  for (const term of terms) {
    for (const item of term.kind === 'mapping' ? openSection(term, 'nodeAffinity').items('matchExpressions') : []) {
      if (item.kind !== 'mapping') continue
      const expression = openSection(item, `${node?.path}.matchExpressions`)
      const key = expression.text('key') ?? ''
      const values = expression.items('values').flatMap((value) => textOf(value) ?? [])
      if (expression.text('operator') === 'In' && key === zoneLabel) place.zones = values
      else if (expression.text('operator') === 'In' && key === hostLabel) place.machines = values.map(machine)
      else
        notes.lost(
          item.at,
          expression.path,
          `nodes are not chosen by the label ${key}`,
          'Declare the machines and name them under `place`, or add it under `kubernetes`.',
        )
    }
  }
  if (node?.has('preferredDuringSchedulingIgnoredDuringExecution'))
    notes.lost(node.at, node.path, 'preferences for nodes have no counterpart', 'Add them under `kubernetes`.')
}
