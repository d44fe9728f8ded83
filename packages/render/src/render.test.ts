import type { Fleet, Json } from '@seaworthy/model'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import type { FileTree } from './file-tree.ts'
import { fleetCharts } from './helm/fleet-charts.ts'
import { type PatchOperation, sameJson } from './json-patch.ts'
import { type KubernetesObject, objectId } from './kubernetes/object.ts'
import { renderKubernetes } from './kubernetes/render.ts'
import { kustomizeTree } from './kustomize/kustomize.ts'
import { crossReferences } from './schema/cross-references.ts'
import { validateObjects } from './schema/validate.ts'
import { fleets } from './testing/fleets.ts'
import { renderChart } from './testing/helm-dialect.ts'
import { applyPatch } from './testing/json-patch-apply.ts'
import { toYamlDocuments } from './yaml.ts'

const runs = { numRuns: 60 }

function byId(objects: readonly KubernetesObject[]): Record<string, KubernetesObject> {
  return Object.fromEntries(objects.map((object) => [objectId(object), object]))
}

function sameObjects(got: readonly unknown[], wanted: readonly KubernetesObject[]): void {
  expect(byId(got as KubernetesObject[])).toEqual(byId(wanted))
}

/** What `kubectl kustomize overlays/NAME` gives, from the files: base, namespace, additions, patches. */
function kustomized(tree: FileTree, environment: string): unknown[] {
  const read = (path: string): KubernetesObject[] =>
    parseAllDocuments(tree.get(path) ?? '', { version: '1.1' }).map((document) => document.toJS() as KubernetesObject)
  const base = parse(tree.get('base/kustomization.yaml') ?? '') as { resources: string[] }
  const overlay = parse(tree.get(`overlays/${environment}/kustomization.yaml`) ?? '') as {
    namespace: string
    resources: string[]
    patches?: { target: { kind: string; name: string }; patch: string }[]
  }
  const objects = [
    ...base.resources.flatMap((file) => read(`base/${file}`)),
    ...overlay.resources
      .filter((file) => file !== '../../base')
      .flatMap((file) => read(`overlays/${environment}/${file}`)),
  ]
  const cluster = new Set(['PriorityClass'])
  return objects.flatMap((object) => {
    let result: KubernetesObject | undefined = object
    for (const { target, patch } of overlay.patches ?? []) {
      if (!result || target.kind !== object.kind || target.name !== object.metadata.name) continue
      const content = parse(patch, { version: '1.1' }) as PatchOperation[] | { $patch: 'delete' }
      result = Array.isArray(content)
        ? (applyPatch(result as unknown as Json, content) as unknown as KubernetesObject)
        : undefined
    }
    if (!result || cluster.has(result.kind)) return result ?? []
    const metadata =
      result.kind === 'Namespace'
        ? { ...result.metadata, name: overlay.namespace }
        : { ...result.metadata, namespace: overlay.namespace }
    return { ...result, metadata }
  })
}

describe('rendered objects', () => {
  it('fit the strict schemas of Kubernetes 1.34 and refer to nothing that is not there', () => {
    fc.assert(
      fc.property(fleets, (environments) => {
        for (const fleet of environments) {
          const objects = renderKubernetes(fleet)
          expect(validateObjects(objects)).toEqual([])
          expect(crossReferences(objects)).toEqual([])
        }
      }),
      runs,
    )
  })

  it('are the same bytes for the same fleet, and survive YAML as kubectl reads it', () => {
    fc.assert(
      fc.property(fleets, ([fleet]) => {
        const text = toYamlDocuments(renderKubernetes(fleet as Fleet))
        expect(toYamlDocuments(renderKubernetes(fleet as Fleet))).toBe(text)
        sameObjects(
          parseAllDocuments(text, { version: '1.1' }).map((document) => document.toJS()),
          renderKubernetes(fleet as Fleet),
        )
      }),
      runs,
    )
  })

  it('equal the Helm chart rendered with the values of each environment', () => {
    fc.assert(
      fc.property(fleets, (environments) => {
        const tree = fleetCharts(environments.map((fleet) => ({ fleet, options: {} })))
        for (const fleet of environments) {
          const values = parse(tree.get(`values-${fleet.environment.name}.yaml`) ?? '', { version: '1.1' }) as Record<
            string,
            unknown
          >
          sameObjects(
            renderChart(tree, { ...values, createNamespace: true }, fleet.environment.namespace),
            renderKubernetes(fleet),
          )
        }
      }),
      runs,
    )
  })

  it('equal the Kustomize overlay of each environment', () => {
    fc.assert(
      fc.property(fleets, (environments) => {
        const rendered = environments.map((fleet) => ({
          name: fleet.environment.name,
          namespace: fleet.environment.namespace,
          objects: renderKubernetes(fleet),
        }))
        const tree = kustomizeTree(rendered)
        for (const { name, objects } of rendered) sameObjects(kustomized(tree, name), objects)
      }),
      runs,
    )
  })

  it('never write replicas where an autoscaler holds the number', () => {
    fc.assert(
      fc.property(fleets, (environments) => {
        for (const object of environments.flatMap((fleet) => renderKubernetes(fleet))) {
          const { scaleTargetRef } = (object.spec as { scaleTargetRef?: { name: string } }) ?? {}
          if (!scaleTargetRef) continue
          const target = environments
            .flatMap((fleet) => renderKubernetes(fleet))
            .find(
              (other) =>
                other.kind === 'Deployment' &&
                other.metadata.name === scaleTargetRef.name &&
                other.metadata.namespace === object.metadata.namespace,
            )
          if (target) expect(target.spec).not.toHaveProperty('replicas')
        }
      }),
      { numRuns: 20 },
    )
  })
})

describe('the checks of rendered objects', () => {
  const deployment = (spec: object): KubernetesObject => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'a', namespace: 'n' },
    spec: {
      selector: { matchLabels: { a: 'b' } },
      template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'a', image: 'x' }] } },
      ...spec,
    },
  })

  it('refuse an unknown field, a wrong type and a missing field, by name', () => {
    expect(validateObjects([deployment({ replicaz: 3 })])).toMatchObject([
      { path: 'spec.replicaz', message: 'is not a field of this kind' },
    ])
    expect(validateObjects([deployment({ replicas: '3' })])).toMatchObject([
      { path: 'spec.replicas', message: 'must be integer, not string' },
    ])
    expect(validateObjects([deployment({ selector: undefined })])).not.toEqual([])
    expect(validateObjects([{ apiVersion: 'v1', kind: 'Pony', metadata: { name: 'a' } }])).toMatchObject([
      { message: 'v1/Pony has no schema here' },
    ])
  })

  it('find a selector, an account, a mount and a port that lead nowhere', () => {
    const lost = deployment({
      selector: { matchLabels: { a: 'c' } },
      template: {
        metadata: { labels: { a: 'b' } },
        spec: {
          serviceAccountName: 'nobody',
          containers: [{ name: 'a', image: 'x', volumeMounts: [{ name: 'gone', mountPath: '/x' }] }],
        },
      },
    })
    const service: KubernetesObject = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 's', namespace: 'n' },
      spec: { selector: { a: 'b' }, ports: [{ port: 80, targetPort: 'main' }] },
    }
    expect(crossReferences([lost, service]).map((misfit) => misfit.message)).toEqual([
      'names ServiceAccount/nobody, which is not rendered',
      'mounts gone, which is no volume of the pod',
      'does not select its own pods',
      'leads to port main, which its pods do not have',
    ])
  })
})

describe('comparing as JSON', () => {
  it('minds neither the order of keys nor where a value came from, but does mind types', () => {
    expect(sameJson({ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 })).toBe(true)
    expect(sameJson({ a: '1' }, { a: 1 })).toBe(false)
    expect(sameJson({ a: 1 }, { a: 1, b: null })).toBe(false)
  })
})
