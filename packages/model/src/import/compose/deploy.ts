import type { DraftRef } from '../draft.ts'
import type { Notes } from '../note.ts'
import { openSection, type Section } from '../section.ts'
import { textOf } from '../yaml/tree.ts'
import { readCapacity } from './capacity.ts'
import { uncarriedDeployKeys, uncarriedRestartKeys, uncarriedUpdateKeys } from './uncarried.ts'

/** How many replicas, how large, where and how they are replaced. */
export interface Deployment {
  readonly spec: Record<string, unknown>
  /** Labels of the service as a whole. */
  readonly labels: readonly (readonly [string, string])[]
  /** `none`: it is not started again when it ends. */
  readonly restart: string | undefined
}

/** Reads `deploy`, `scale` and the limits beside them. */
export function readDeployment(service: Section, machine: (name: string) => DraftRef, notes: Notes): Deployment {
  const deploy = service.section('deploy')
  const resources = deploy?.section('resources')
  const spec = readCapacity(service, resources, notes)
  resources?.close(notes)
  const mode = deploy?.text('mode')
  if (mode === 'global')
    notes.changed(
      deploy?.placeOf('mode') ?? service.at,
      `${service.path}.deploy.mode`,
      'one replica on every machine is not a number that the catalog has',
      'Set `replicas` to the number of machines and `place: { antiAffinity: "required" }`.',
    )
  const scale = service.text('scale')
  const replicas = deploy?.text('replicas') ?? scale
  if (replicas !== undefined && /^\d+$/.test(replicas) && replicas !== '1') spec.replicas = Number(replicas)
  const rollout = readUpdate(deploy?.section('update_config'), notes)
  if (rollout) spec.rollout = rollout
  const place = readPlacement(deploy?.section('placement'), machine, notes)
  if (place) spec.place = place
  const policy = deploy?.section('restart_policy')
  const restart = policy?.text('condition')
  policy?.close(notes, uncarriedRestartKeys)
  const labels = deploy?.take('labels')
  deploy?.close(notes, uncarriedDeployKeys)
  return { spec, labels: labelPairs(labels), restart }
}

/** Labels, as a mapping or a list of `key=value`. */
export function labelPairs(tree: ReturnType<Section['take']>): readonly (readonly [string, string])[] {
  if (tree?.kind === 'mapping') return [...tree.entries].map(([key, value]) => [key, textOf(value) ?? ''])
  if (tree?.kind !== 'list') return []
  return tree.items.map((item) => {
    const [key = '', ...value] = (textOf(item) ?? '').split('=')
    return [key, value.join('=')] as const
  })
}

function readUpdate(update: Section | undefined, notes: Notes): unknown {
  if (!update) return undefined
  const parallelism = Number(update.text('parallelism') ?? 1)
  const startFirst = update.text('order') === 'start-first'
  const action = update.text('failure_action')
  if (action === 'continue')
    notes.changed(
      update.placeOf('failure_action'),
      `${update.path}.failure_action`,
      'a release that does harm goes back',
      'Set `rollout.onHarm` to `hold` to be asked.',
    )
  update.close(notes, uncarriedUpdateKeys)
  if (update.text('order') === 'stop-first')
    notes.changed(
      update.placeOf('order'),
      `${update.path}.order`,
      'replicas were stopped before new ones started; new ones now start first, so that no capacity is missing',
      'To keep it: `rollout: { maxSurge: 0, maxUnavailable: 1 }`.',
    )
  const rollout = {
    ...(startFirst && Number.isInteger(parallelism) && parallelism > 1 && { maxSurge: parallelism }),
    ...(action === 'pause' && { onHarm: 'hold' }),
  }
  return Object.keys(rollout).length > 0 ? rollout : undefined
}

function readPlacement(placement: Section | undefined, machine: (name: string) => DraftRef, notes: Notes): unknown {
  if (!placement) return undefined
  const machines: DraftRef[] = []
  const zones: string[] = []
  for (const item of placement.items('constraints')) {
    const text = textOf(item) ?? ''
    const match = /^\s*(\S+?)\s*(==|!=)\s*(.+?)\s*$/.exec(text)
    const [, key = '', operator = '', value = ''] = match ?? []
    if (operator === '==' && key === 'node.hostname') machines.push(machine(value))
    else if (operator === '==' && /^(node\.labels|engine\.labels)\.(.*\.)?(zone|datacenter|region|az)$/.test(key))
      zones.push(value)
    else if (text === 'node.role == worker' || text === 'node.role==worker')
      notes.needless(item.at, `${placement.path}.constraints`, 'services do not run where the control plane does')
    else
      notes.lost(
        item.at,
        `${placement.path}.constraints`,
        `\`${text}\` names a property that machines do not have here`,
        'Declare the machines and name them under `place`.',
      )
  }
  let spread: string | undefined
  for (const item of placement.items('preferences')) {
    const label =
      item.kind === 'mapping' ? openSection(item, `${placement.path}.preferences`).text('spread') : textOf(item)
    if (label && /zone|datacenter|region|az$/.test(label)) spread = 'zone'
    else
      notes.lost(
        item.at,
        `${placement.path}.preferences`,
        `\`${label ?? ''}\` is nothing to spread over`,
        'Spread over `machine` or `zone`.',
      )
  }
  const perNode = placement.text('max_replicas_per_node')
  if (perNode && perNode !== '1')
    notes.changed(
      placement.placeOf('max_replicas_per_node'),
      `${placement.path}.max_replicas_per_node`,
      `at most ${perNode} on a machine cannot be said`,
      'At most one can: `place: { antiAffinity: "required" }`.',
    )
  placement.close(notes)
  const antiAffinity = perNode === '1' ? 'required' : undefined
  if (machines.length > 0 && zones.length === 0 && !spread && !antiAffinity) return machines
  const place = {
    ...(machines.length > 0 && { machines }),
    ...(zones.length > 0 && { zones }),
    ...(spread && { spread }),
    ...(antiAffinity && { antiAffinity }),
  }
  return Object.keys(place).length > 0 ? place : undefined
}
