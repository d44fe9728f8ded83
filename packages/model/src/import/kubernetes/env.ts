import type { Notes } from '../note.ts'
import { openSection, type Section } from '../section.ts'
import type { EnvVariable } from '../wiring/wireable.ts'
import { type Place, textOf } from '../yaml/tree.ts'
import { type KubernetesObject, textMap } from './objects.ts'
import { apiName } from './uncarried.ts'

/** A variable that comes from a Secret object. */
export interface SecretVariable {
  readonly name: string
  /** Name of the Secret and the key in it. */
  readonly secret: string
  readonly key: string
  readonly at: Place
}

/** The variables of a container. */
export interface ContainerEnv {
  readonly plain: readonly EnvVariable[]
  readonly secrets: readonly SecretVariable[]
}

/** Reads `env` and `envFrom`: values, those of ConfigMaps, and which keys of Secrets they take. */
export function readContainerEnv(container: Section, objects: readonly KubernetesObject[], notes: Notes): ContainerEnv {
  const plain = new Map<string, EnvVariable>()
  const secrets = new Map<string, SecretVariable>()
  const set = (name: string, value: string, at: Place): void => {
    secrets.delete(name)
    plain.set(name, { name, value, at, variables: [] })
  }
  const setSecret = (name: string, secret: string, key: string, at: Place): void => {
    plain.delete(name)
    secrets.set(name, { name, secret, key, at })
  }
  for (const item of container.items('envFrom')) {
    if (item.kind !== 'mapping') continue
    const section = openSection(item, `${container.path}.envFrom`)
    const prefix = section.text('prefix') ?? ''
    const map = section.section('configMapRef')
    const secret = section.section('secretRef')
    const name = map?.text('name') ?? secret?.text('name') ?? ''
    const values = dataOf(objects, map ? 'ConfigMap' : 'Secret', name)
    for (const key of ['optional']) (map ?? secret)?.take(key)
    section.close(notes, {}, apiName)
    if (!values) {
      notes.lost(
        item.at,
        section.path,
        `${map ? 'the ConfigMap' : 'the Secret'} ${name} is not among the manifests, so its keys are not known`,
        'Write its variables under `env`.',
      )
      continue
    }
    for (const [key, { value, at }] of values) {
      if (map) set(`${prefix}${key}`, value, at)
      else setSecret(`${prefix}${key}`, name, key, item.at)
    }
  }
  for (const item of container.items('env')) {
    if (item.kind !== 'mapping') continue
    const section = openSection(item, `${container.path}.env`)
    const name = section.text('name') ?? ''
    const value = section.take('value')
    const from = section.section('valueFrom')
    section.close(notes, {}, apiName)
    if (!from) set(name, textOf(value) ?? '', item.at)
    else readFrom(name, from, item.at)
  }
  return { plain: expanded([...plain.values()], notes), secrets: [...secrets.values()] }

  function readFrom(name: string, from: Section, at: Place): void {
    const secret = from.section('secretKeyRef')
    const map = from.section('configMapKeyRef')
    const source = (secret ?? map)?.text('name') ?? ''
    const key = (secret ?? map)?.text('key') ?? ''
    for (const reference of [secret, map]) reference?.take('optional')
    if (secret) setSecret(name, source, key, at)
    else if (map) {
      const found = dataOf(objects, 'ConfigMap', source)?.get(key)
      if (found) set(name, found.value, at)
      else
        notes.lost(
          at,
          `${container.path}.env.${name}`,
          `the key ${key} of the ConfigMap ${source} is not among the manifests`,
          'Write its value under `env`.',
        )
    } else {
      const field = from.section('fieldRef')?.text('fieldPath') ?? from.section('resourceFieldRef')?.text('resource')
      notes.lost(
        at,
        `${container.path}.env.${name}`,
        `${name} was filled by the cluster (${field ?? 'unknown'})`,
        'Seaworthy gives SEAWORTHY_SERVICE and SEAWORTHY_ENVIRONMENT; read those, or take it away.',
      )
    }
  }
}

/** `$(NAME)` in a value stands for an earlier variable. */
function expanded(variables: readonly EnvVariable[], notes: Notes): readonly EnvVariable[] {
  const known = new Map<string, string>()
  return variables.map((variable) => {
    const used: string[] = []
    const value = variable.value?.replace(/\$\(([A-Za-z_][A-Za-z0-9_]*)\)/g, (whole, name: string) => {
      if (known.has(name)) return known.get(name) ?? ''
      used.push(name)
      return whole
    })
    known.set(variable.name, value ?? '')
    if (used.length > 0)
      notes.lost(
        variable.at,
        variable.name,
        `${variable.name} is put together from ${used.join(', ')}, which the catalog does not do`,
        'Put it together in the program.',
      )
    return { ...variable, value, variables: used }
  })
}

/** The keys of a ConfigMap or Secret among the manifests. Values of Secrets are not decoded: nothing needs them. */
export function dataOf(
  objects: readonly KubernetesObject[],
  kind: 'ConfigMap' | 'Secret',
  name: string,
): ReadonlyMap<string, { readonly value: string; readonly at: Place }> | undefined {
  const object = objects.find((candidate) => candidate.kind === kind && candidate.name === name)
  if (!object) return undefined
  const found = new Map<string, { value: string; at: Place }>()
  for (const key of ['data', 'stringData']) {
    const data = object.section.take(key)
    if (data?.kind !== 'mapping') continue
    for (const [name, value] of textMap(data)) found.set(name, { value, at: data.entries.get(name)?.at ?? data.at })
  }
  return found
}
