import { printDuration } from '../../units/duration.ts'
import type { Notes } from '../note.ts'
import { openSection, type Section } from '../section.ts'
import type { KubernetesObject } from './objects.ts'

/** A HorizontalPodAutoscaler (v1 or v2) as `scale`. */
export function readScale({ section }: KubernetesObject, notes: Notes): Record<string, unknown> {
  const spec = section.section('spec')
  const min = Number(spec?.text('minReplicas') ?? 1)
  const max = Number(spec?.text('maxReplicas') ?? min)
  spec?.take('scaleTargetRef')
  const scale: Record<string, unknown> = { min, max }
  const cpu = spec?.text('targetCPUUtilizationPercentage')
  if (cpu) scale.cpu = `${cpu}%`
  for (const metric of spec?.items('metrics') ?? []) {
    if (metric.kind !== 'mapping') continue
    const one = openSection(metric, `${section.path}.spec.metrics`)
    const resource = one.section('resource')
    const name = resource?.text('name')
    const target = resource?.section('target')
    const percent = target?.text('averageUtilization') ?? resource?.text('targetAverageUtilization')
    if ((name === 'cpu' || name === 'memory') && percent) scale[name] = `${percent}%`
    else
      notes.lost(
        metric.at,
        `${section.path}.spec.metrics`,
        'it scales on a metric that the catalog does not have',
        'Use `cpu`, `memory` or `inFlight`; or add a KEDA trigger under `kubernetes`.',
      )
  }
  const behavior = spec?.section('behavior')
  for (const [key, field] of [
    ['scaleUp', 'up'],
    ['scaleDown', 'down'],
  ] as const) {
    const step = behavior?.section(key)
    const written = step && readStep(step, notes)
    if (written) scale[field] = written
  }
  behavior?.close(notes, {}, 'Kubernetes API as it is read here')
  spec?.close(notes, {}, 'Kubernetes API as it is read here')
  return scale
}

function readStep(step: Section, notes: Notes): Record<string, unknown> | undefined {
  const stabilise = step.text('stabilizationWindowSeconds')
  const policies = step.items('policies')
  const written: Record<string, unknown> = {}
  for (const [index, policy] of policies.entries()) {
    if (policy.kind !== 'mapping') continue
    const one = openSection(policy, `${step.path}.policies`)
    const type = one.text('type')
    const value = one.text('value')
    const period = Number(one.text('periodSeconds') ?? 60)
    if (type === 'Percent') written.percent = `${value}%`
    else if (type === 'Pods') written.replicas = Number(value)
    if (index === 0) written.window = printDuration(period * 1000)
    else if (written.window !== printDuration(period * 1000))
      notes.changed(policy.at, one.path, 'both policies count in one window', 'Correct `window`.')
  }
  const select = step.text('selectPolicy')
  if (select === 'Disabled')
    notes.lost(
      step.placeOf('selectPolicy'),
      `${step.path}.selectPolicy`,
      'one direction cannot be switched off',
      'Set its step to `replicas: 1` and a long window.',
    )
  if (stabilise !== undefined) written.stabilise = printDuration(Number(stabilise) * 1000)
  step.take('tolerance')
  step.close(notes, {}, 'Kubernetes API as it is read here')
  if (written.window === '1m') delete written.window
  return Object.keys(written).length > 0 ? written : undefined
}
