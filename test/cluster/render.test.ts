import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { applyObjects as applyServerSide, KubernetesApi, kubeconfigAccess } from '@seaworthy/engine'
import type { Fleet } from '@seaworthy/model'
import {
  type FileTree,
  fleetCharts,
  type KubernetesObject,
  kustomizeTree,
  objectId,
  renderKubernetes,
  toYamlDocuments,
} from '@seaworthy/render'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { examples } from './rendered/catalogs.ts'
import { customDefinitions } from './rendered/definitions.ts'
import { schemaFiles } from './rendered/schema-files.ts'
import { applyObjects, type TestNamespace, until, useCluster, useTools } from './use-cluster.ts'

const { cluster, reason } = await useCluster({ shape: 'api' })
const { tools } = await useTools('render')
const catalogs = await examples()
const each = catalogs.flatMap(({ name, fleets }) =>
  fleets.map((fleet) => ({ catalog: name, environment: fleet.environment.name, fleet, all: fleets })),
)
/** By digest, as `seaworthy image` gives them. */
const digest = `sha256:${'0123456789abcdef'.repeat(4)}`

describe.skipIf(!cluster)(`rendered catalogs${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let folder: string
  let api: KubernetesApi
  const namespaces: TestNamespace['name'][] = []

  beforeAll(async () => {
    if (!cluster) return
    folder = mkdtempSync(join(tmpdir(), 'seaworthy-rendered-'))
    api = new KubernetesApi(kubeconfigAccess({ path: cluster.kubeconfig }))
    await applyObjects(cluster.kubectl, customDefinitions())
    await until('the definitions', async () => {
      const said = await cluster.kubectl(['get', 'crd', '-o', 'jsonpath={.items[*].status.acceptedNames.kind}'])
      return said.split(' ').length >= customDefinitions().length
    })
  })

  afterAll(async () => {
    await api?.[Symbol.asyncDispose]()
    if (folder) rmSync(folder, { recursive: true, force: true })
    if (!cluster) return
    await cluster.kubectl(['delete', 'namespace', '--wait=false', '--ignore-not-found', ...namespaces])
    const definitions = customDefinitions() as readonly { readonly metadata: { readonly name: string } }[]
    await cluster.kubectl(['delete', 'crd', '--wait=false', ...definitions.map(({ metadata }) => metadata.name)])
  })

  it('hold all the services of the three systems', () => {
    expect(Object.keys(catalogs[0]?.fleets[0]?.services ?? {})).toHaveLength(29)
    expect(each.length).toBe(6)
  })

  it.each(each)(
    '$catalog in $environment: accepted by the API server as a dry run and for real, and a second apply changes nothing',
    async ({ fleet }) => {
      const objects = renderKubernetes(fleet, optionsFor(fleet))
      const { namespace } = fleet.environment
      namespaces.push(namespace)
      await applyServerSide(
        api,
        objects.filter(({ kind }) => kind === 'Namespace'),
      )
      // Only objects are looked at here, so that no pod is tried whose image no registry has.
      const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'no-pods', namespace } }
      await applyServerSide(api, [{ ...quota, spec: { hard: { pods: '0' } } }])
      const dry = await applyServerSide(api, objects, { dryRun: true })
      expect(dry).toHaveLength(objects.length)
      const first = await applyServerSide(api, objects)
      expect(first.filter(({ change }) => change === 'created').length).toBeGreaterThan(objects.length / 2)
      const second = await applyServerSide(api, objects)
      expect(second.filter(({ change }) => change !== 'unchanged')).toEqual([])
    },
  )

  it.each(each)(
    '$catalog in $environment: Helm, Kustomize and manifests are equal object by object',
    ({ fleet, all }) => {
      const wanted = byId(renderKubernetes(fleet, optionsFor(fleet)))
      const { name, namespace } = fleet.environment
      const charts = written(folder, 'helm', fleetCharts(all.map((one) => ({ fleet: one, options: optionsFor(one) }))))
      const values = ['--values', join(charts, `values-${name}.yaml`), '--set', 'createNamespace=true']
      const template = ['template', fleet.name, charts, '--namespace', namespace, '--skip-tests', ...values]
      expect(byId(read(run(tools.helm, template)))).toEqual(wanted)
      const environments = all.map((one) => ({
        name: one.environment.name,
        namespace: one.environment.namespace,
        objects: renderKubernetes(one, optionsFor(one)),
      }))
      const tree = written(folder, 'kustomize', kustomizeTree(environments))
      expect(byId(read(run(tools.kubectl, ['kustomize', join(tree, 'overlays', name)])))).toEqual(wanted)
    },
  )

  it.each(each)('$catalog in $environment: kubeconform finds nothing with our strict schemas', ({ fleet }) => {
    const file = manifest(folder, fleet)
    const location = schemaFiles(join(folder, 'schemas'))
    const said = spawnSync(
      tools.kubeconform ?? '',
      ['-strict', '-summary', '-output', 'json', '-schema-location', location, file],
      {
        encoding: 'utf8',
      },
    )
    const { resources = [], summary } = JSON.parse(said.stdout) as {
      resources?: readonly object[]
      summary: { valid: number; invalid: number; errors: number; skipped: number }
    }
    expect(resources).toEqual([])
    expect(summary).toEqual({
      valid: renderKubernetes(fleet, optionsFor(fleet)).length,
      invalid: 0,
      errors: 0,
      skipped: 0,
    })
  })

  it.each(each)('$catalog in $environment: kube-score finds nothing critical', ({ fleet }) => {
    const said = spawnSync(tools['kube-score'] ?? '', ['score', '--output-format', 'json', manifest(folder, fleet)], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    })
    const scored = JSON.parse(said.stdout) as readonly {
      readonly object_name: string
      readonly checks: readonly {
        readonly check: { readonly id: string }
        readonly grade: number
        readonly skipped: boolean
        readonly comments: readonly { readonly summary: string }[] | null
      }[]
    }[]
    const critical = scored.flatMap(({ object_name: name, checks }) =>
      checks
        .filter(({ check, grade, skipped }) => !skipped && grade === 1 && !isJustified(check.id, name, fleet))
        .map(({ check, comments }) => `${name}: ${check.id}: ${comments?.[0]?.summary ?? ''}`),
    )
    expect(critical).toEqual([])
  })
})

/** What kube-score calls critical and we do on purpose. */
function isJustified(check: string, object: string, fleet: Fleet): boolean {
  const name = object.split('/').at(-1) ?? ''
  const service = fleet.services[name]
  switch (check) {
    // Images are named by digest: pulling again could only give the same bytes, or fail.
    case 'container-image-pull-policy':
      return true
    // A budget for a single replica would only block every drain of its node.
    case 'deployment-has-poddisruptionbudget':
      return service !== undefined && (service.scale?.min ?? service.replicas ?? 1) < 2
    // The databases' own images know no other user.
    case 'container-security-context-user-group-id':
      return fleet.postgres[name] !== undefined || fleet.redis[name] !== undefined
    // The pods are the operator's, and inherit the labels that the policy selects.
    case 'networkpolicy-targets-pod':
      return fleet.postgres[name]?.operator === 'cloudnative-pg'
    default:
      return false
  }
}

function optionsFor(fleet: Fleet): { images: Record<string, string> } {
  const names = [...Object.keys(fleet.services), ...Object.keys(fleet.jobs)]
  return {
    images: Object.fromEntries(names.map((name) => [name, `registry.example.com/${fleet.name}/${name}@${digest}`])),
  }
}

function byId(objects: readonly KubernetesObject[]): Record<string, KubernetesObject> {
  return Object.fromEntries(objects.map((object) => [objectId(object), object]))
}

function read(text: string): readonly KubernetesObject[] {
  return parseAllDocuments(text, { version: '1.1' })
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object !== null)
}

function run(program: string | undefined, args: readonly string[]): string {
  return execFileSync(program ?? '', args, { encoding: 'utf8', maxBuffer: 1 << 28 })
}

function manifest(folder: string, fleet: Fleet): string {
  const path = join(folder, `${fleet.name}-${fleet.environment.name}.yaml`)
  writeFileSync(path, toYamlDocuments(renderKubernetes(fleet, optionsFor(fleet))))
  return path
}

function written(folder: string, name: string, tree: FileTree): string {
  const into = mkdtempSync(join(folder, `${name}-`))
  for (const [path, text] of tree) {
    mkdirSync(dirname(join(into, path)), { recursive: true })
    writeFileSync(join(into, path), text)
  }
  return into
}
