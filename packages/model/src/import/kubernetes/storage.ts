import type { Notes } from '../note.ts'
import { openSection, type Section } from '../section.ts'
import { textOf } from '../yaml/tree.ts'
import type { KubernetesObject } from './objects.ts'
import { quantityAsSize } from './quantity.ts'
import { apiName } from './uncarried.ts'

/** A claim for storage in the catalog's terms. */
export type Claim = string | { readonly size: string; readonly class?: string; readonly access?: string }

/** Reads the spec of a PersistentVolumeClaim or of a claim template. */
export function readClaim(spec: Section | undefined, notes: Notes): Claim {
  const size = quantityAsSize(spec?.section('resources')?.section('requests')?.text('storage') ?? '') ?? '10Gi'
  const storageClass = spec?.text('storageClassName')
  const modes = (spec?.items('accessModes') ?? []).map((item) => textOf(item))
  const access = modes.includes('ReadWriteMany') ? 'many' : modes.includes('ReadOnlyMany') ? 'many-readers' : undefined
  if (spec?.text('volumeMode') === 'Block')
    notes.lost(spec.at, `${spec.path}.volumeMode`, 'raw block volumes have no counterpart', 'Use a file system.')
  for (const key of ['volumeName', 'selector', 'dataSource', 'dataSourceRef'])
    if (spec?.has(key)) {
      notes.changed(
        spec.placeOf(key),
        `${spec.path}.${key}`,
        'what is in the volume already is not taken over',
        'Copy it once, after the first start.',
      )
      spec.take(key)
    }
  spec?.close(notes, {}, apiName)
  if (storageClass === undefined && access === undefined) return size
  return { size, ...(storageClass && { class: storageClass }), ...(access && { access }) }
}

/** A volume of a pod, by what it holds. */
export type PodVolume =
  | { readonly kind: 'claim'; readonly claim: string }
  | { readonly kind: 'template'; readonly claim: Claim }
  | { readonly kind: 'config' | 'secret'; readonly source: string; readonly keys: readonly string[] }
  | { readonly kind: 'scratch' }
  | { readonly kind: 'other'; readonly what: string }

/** The volumes of a pod and of its workload's claim templates, by name. */
export function readPodVolumes(pod: Section, workload: Section, notes: Notes): ReadonlyMap<string, PodVolume> {
  const found = new Map<string, PodVolume>()
  for (const item of workload.items('volumeClaimTemplates')) {
    if (item.kind !== 'mapping') continue
    const template = openSection(item, `${workload.path}.volumeClaimTemplates`)
    const name = template.section('metadata')?.text('name') ?? 'data'
    found.set(name, { kind: 'template', claim: readClaim(template.section('spec'), notes) })
  }
  for (const item of pod.items('volumes')) {
    if (item.kind !== 'mapping') continue
    const volume = openSection(item, `${pod.path}.volumes`)
    const name = volume.text('name') ?? ''
    const keysOf = (section: Section | undefined): string[] =>
      (section?.items('items') ?? []).flatMap((one) =>
        one.kind === 'mapping' ? (textOf(one.entries.get('key')) ?? []) : [],
      )
    if (volume.has('persistentVolumeClaim'))
      found.set(name, { kind: 'claim', claim: volume.section('persistentVolumeClaim')?.text('claimName') ?? '' })
    else if (volume.has('configMap'))
      found.set(name, {
        kind: 'config',
        source: volume.section('configMap')?.text('name') ?? '',
        keys: keysOf(volume.section('configMap')),
      })
    else if (volume.has('secret'))
      found.set(name, {
        kind: 'secret',
        source: volume.section('secret')?.text('secretName') ?? '',
        keys: keysOf(volume.section('secret')),
      })
    else if (volume.has('emptyDir')) found.set(name, { kind: 'scratch' })
    else found.set(name, { kind: 'other', what: volume.keys.filter((key) => key !== 'name').join(', ') })
  }
  return found
}

/** The claims among the manifests, by name. */
export function readClaims(objects: readonly KubernetesObject[], notes: Notes): ReadonlyMap<string, Claim> {
  return new Map(
    objects
      .filter((object) => object.kind === 'PersistentVolumeClaim')
      .map((object) => [object.name, readClaim(object.section.section('spec'), notes)]),
  )
}
