import type { Notes } from '../note.ts'
import type { Workload } from './workload.ts'

/** How a new version takes over: of a Deployment, or of an Argo Rollout. */
export function readRollout({ object, spec }: Workload, notes: Notes): unknown {
  const strategy = spec.section('strategy') ?? spec.section('updateStrategy')
  if (!strategy) return undefined
  const canary = strategy.section('canary')
  const blueGreen = strategy.section('blueGreen')
  const type = strategy.text('type')
  if (blueGreen) {
    notes.changed(
      blueGreen.at,
      blueGreen.path,
      'the preview gets its traffic from the gateway, and the switch is made by it',
      'Tune `rollout.keepWarm` and `rollout.smoke`.',
    )
    return 'blue-green'
  }
  if (canary) {
    const weights = canary.items('steps').flatMap((item) => {
      const weight = item.kind === 'mapping' ? item.entries.get('setWeight') : undefined
      return weight?.kind === 'scalar' && Number(weight.value) > 0 ? [Number(weight.value)] : []
    })
    notes.changed(
      canary.at,
      canary.path,
      'steps wait for a verdict, not for a pause or an analysis template',
      'Tune `rollout.verdict`.',
    )
    const steps = [...new Set([...weights, 100])].sort((a, b) => a - b).map((weight) => `${weight}%`)
    return weights.length > 0 ? { strategy: 'canary', steps } : 'canary'
  }
  if (type === 'Recreate' || type === 'OnDelete') {
    notes.changed(
      strategy.at,
      strategy.path,
      `${type} took the old replicas away first; new ones now start beside them`,
      'If two versions cannot run at once: `rollout: { maxSurge: 0, maxUnavailable: 1 }`.',
    )
    return undefined
  }
  const rolling = strategy.section('rollingUpdate')
  const number = (key: string): number | string | undefined => {
    const text = rolling?.text(key)
    return text === undefined ? undefined : text.endsWith('%') ? text : Number(text)
  }
  const maxSurge = number('maxSurge')
  const maxUnavailable = number('maxUnavailable')
  rolling?.take('partition')
  const isStateful = object.kind === 'StatefulSet'
  const rollout = {
    ...(maxSurge !== undefined && maxSurge !== 1 && !isStateful && { maxSurge }),
    ...(maxUnavailable !== undefined && maxUnavailable !== 0 && maxUnavailable !== '0%' && { maxUnavailable }),
  }
  return Object.keys(rollout).length > 0 ? rollout : undefined
}
