import type { ProblemDetails } from '../../problem.ts'
import { accepted } from '../accepted.ts'
import type { Draft, DraftPart, DraftRef } from '../draft.ts'
import { collectNotes, type Notes } from '../note.ts'
import { ownValue } from '../own-value.ts'
import { openPartNames } from '../part-names.ts'
import { openSecretBook } from '../secret-book.ts'
import type { SourceFiles } from '../source-files.ts'
import { wireAll } from '../wiring/wire-all.ts'
import { manifestRemarks } from './manifest-remarks.ts'
import { type KubernetesObject, readManifests, selects, textMap } from './objects.ts'
import { readQuota } from './quota.ts'
import { resourcePart } from './resources.ts'
import { gatewayRoutes, ingressRoutes, type ServiceRoute } from './routes.ts'
import { readScale } from './scaling.ts'
import { type Claim, readClaims } from './storage.ts'
import { apiName, uncarriedKinds, uncarriedServiceKeys } from './uncarried.ts'
import { openWorkload, type Workload, workloadKinds } from './workload.ts'
import { workloadPart } from './workload-part.ts'

/** What manifests become, or why they cannot be read. */
export interface ReadKubernetes {
  readonly draft?: Draft
  readonly problems: readonly ProblemDetails[]
}

/** Reads the manifests below a folder into a draft; `name` is used where they give none. */
export function readKubernetes(files: SourceFiles, folder: string, name: string): ReadKubernetes {
  const notes = collectNotes()
  const { objects, files: sources, problems } = readManifests(files, folder, notes)
  if (problems.length > 0) return { problems }
  const names = openPartNames()
  const secrets = openSecretBook()
  const machines = new Map<string, DraftPart>()
  const machine = (host: string): DraftRef => {
    const part: DraftPart = machines.get(host) ?? {
      kind: 'machine',
      name: names.take(host),
      spec: {},
      remarks: {},
      at: { file: sources[0] ?? '', line: 1 },
    }
    machines.set(host, part)
    return { kind: 'machine', name: part.name }
  }
  const variables = new Map<string, string>()
  const variableOf = (secret: string, key: string, variable: string): string => {
    const source = `${secret}/${key}`
    if (!variables.has(source)) variables.set(source, variable)
    return variables.get(source) ?? variable
  }

  const workloads = objects
    .filter((object) => workloadKinds.has(object.kind) && !isOwned(object))
    .flatMap((object) => openWorkload(object, objects, names, notes) ?? [])
  const claims = readClaims(objects, notes)
  const shared = sharedClaims(workloads, claims, (claim) => names.take(claim, 'files'))
  const wiring = wireAll(workloads, notes)
  const ways = objects.flatMap((object) =>
    object.kind === 'Ingress'
      ? ingressRoutes(object, notes)
      : object.kind === 'HTTPRoute' || object.kind === 'GRPCRoute'
        ? gatewayRoutes(object, notes)
        : [],
  )

  const parts = workloads.flatMap((workload): DraftPart[] => {
    const wired = wiring.get(workload.key)
    if (workload.ref.kind === 'postgres' || workload.ref.kind === 'redis') {
      const asked = [...wiring.values()].flatMap(({ databases }) =>
        databases.flatMap(([on, database]) => (on === workload.key ? [database] : [])),
      )
      return [resourcePart(workload, claims, [...new Set(asked)], notes)]
    }
    if (!wired) return []
    const mine = ways.filter((way) => workload.services.some((service) => service.name === way.service))
    return [
      workloadPart(
        workload,
        {
          secrets,
          variableOf,
          wiring: wired,
          routes: [
            ...new Map(
              [...mine.map((way) => way.route), ...openRoutes(workload, mine, notes)].map((route) => [
                JSON.stringify(route),
                route,
              ]),
            ).values(),
          ],
          protect: Object.assign({}, ...mine.map((way) => way.protect)),
          scale: scaleOf(workload, objects, notes),
          minAvailable: minAvailableOf(workload, objects, notes),
          claims,
          sharedClaim: (claim) => {
            const part = shared.get(claim)
            return part && { kind: 'volume', name: part.name }
          },
          machine,
        },
        notes,
      ),
    ]
  })
  noteOthers(objects, workloads, ways, notes)
  if (parts.length === 0) return { problems: [] }
  const namespaces = [...new Set(objects.flatMap((object) => object.namespace ?? []))]
  const partOf = objects
    .map((object) => object.labels.get('app.kubernetes.io/part-of'))
    .find((label) => label !== undefined)
  const quota = readQuota(objects, notes)
  return {
    problems: [],
    draft: accepted({
      name: openPartNames().take(
        partOf ?? (namespaces.length === 1 && namespaces[0] !== 'default' ? (namespaces[0] ?? name) : name),
      ),
      parts: manifestRemarks(
        [...parts, ...shared.values(), ...secrets.parts(), ...machines.values()],
        notes.all,
        workloads,
      ),
      environments: environmentsOf(objects, namespaces, quota),
      notes: notes.all,
      sources,
    }),
  }
}

/** Objects that another one among them makes again. */
function isOwned(object: KubernetesObject): boolean {
  return object.section.peek('ownerReferences') !== undefined
}

/** Claims that more than one replica mounts, as volumes. */
function sharedClaims(
  workloads: readonly Workload[],
  claims: ReadonlyMap<string, Claim>,
  nameOf: (claim: string) => string,
): ReadonlyMap<string, DraftPart> {
  const users = new Map<string, Workload[]>()
  for (const workload of workloads)
    for (const volume of workload.volumes.values())
      if (volume.kind === 'claim' && (workload.ref.kind === 'service' || workload.ref.kind === 'job'))
        users.set(volume.claim, [...(users.get(volume.claim) ?? []), workload])
  return new Map(
    [...users]
      .filter(
        ([, using]) =>
          using.length > 1 ||
          using.some((workload) => workload.ref.kind === 'job' || Number(workload.spec.peek('replicas') ?? 1) > 1),
      )
      .map(([claim, using]): [string, DraftPart] => {
        const storage = claims.get(claim) ?? '10Gi'
        return [
          claim,
          {
            kind: 'volume',
            name: nameOf(claim),
            spec: { storage },
            remarks: {},
            at: using[0]?.at ?? { file: '', line: 1 },
          },
        ]
      }),
  )
}

/** A way in for a Service that was open to the outside without an Ingress. */
function openRoutes(workload: Workload, ways: readonly ServiceRoute[], notes: Notes): readonly string[] {
  const open = workload.services.find((service) =>
    /^(LoadBalancer|NodePort)$/.test(service.section.section('spec')?.peek('type') ?? ''),
  )
  if (!open || ways.length > 0) return []
  const spec = open.section.section('spec')
  if (workload.ports.protocol === 'tcp') {
    notes.lost(
      open.section.at,
      `${open.section.path}.spec.type`,
      `${open.name} was open to the outside over TCP`,
      'On one machine set `hostPort`; on Kubernetes add a Service of that type under `kubernetes`.',
    )
    return []
  }
  notes.changed(
    open.section.at,
    `${open.section.path}.spec.type`,
    `${open.name} was open to the outside as ${spec?.peek('type') ?? ''}; the gateway now is, and routes to it`,
    'Correct `routes`.',
  )
  return [workload.ref.name]
}

function scaleOf(
  workload: Workload,
  objects: readonly KubernetesObject[],
  notes: Notes,
): Record<string, unknown> | undefined {
  const scaler = objects.find(
    (object) =>
      object.kind === 'HorizontalPodAutoscaler' &&
      object.section.section('spec')?.section('scaleTargetRef')?.text('name') === workload.object.name,
  )
  return scaler && readScale(scaler, notes)
}

function minAvailableOf(
  workload: Workload,
  objects: readonly KubernetesObject[],
  notes: Notes,
): number | string | undefined {
  const budget = objects.find(
    (object) =>
      object.kind === 'PodDisruptionBudget' &&
      selects(textMap(object.section.section('spec')?.section('selector')?.take('matchLabels')), workload.podLabels),
  )
  const spec = budget?.section.section('spec')
  if (!budget || !spec) return undefined
  for (const key of ['selector', 'minAvailable', 'maxUnavailable']) spec.take(key)
  spec.close(
    notes,
    { unhealthyPodEvictionPolicy: { kind: 'needless', what: 'what is not ready may always go' } },
    apiName,
  )
  const least = spec.text('minAvailable')
  if (least !== undefined) return least.endsWith('%') ? least : Number(least)
  const most = spec.text('maxUnavailable')
  const replicas = Number(workload.spec.peek('replicas') ?? 1)
  if (most !== undefined && /^\d+$/.test(most) && replicas > Number(most)) return replicas - Number(most)
  notes.lost(
    budget.section.at,
    `${budget.section.path}.spec`,
    `at most ${most ?? '?'} unavailable cannot be said for a number of replicas that is not fixed`,
    'Write `minAvailable`.',
  )
  return undefined
}

/** Says what became of every object that is no workload. */
function noteOthers(
  objects: readonly KubernetesObject[],
  workloads: readonly Workload[],
  ways: readonly ServiceRoute[],
  notes: Notes,
): void {
  const read = new Set([
    'Ingress',
    'HTTPRoute',
    'GRPCRoute',
    'HorizontalPodAutoscaler',
    'PodDisruptionBudget',
    'PersistentVolumeClaim',
    'ConfigMap',
    'ResourceQuota',
  ])
  for (const object of objects) {
    const { kind, section, name } = object
    if (workloadKinds.has(kind) || read.has(kind)) continue
    if (kind === 'Service') {
      if (!workloads.some((workload) => workload.services.includes(object)))
        notes.lost(
          section.at,
          section.path,
          `${name} leads to nothing among the manifests`,
          'If it leads outside, make it an `external` and need it.',
        )
      const spec = section.section('spec')
      for (const key of ['ports', 'selector', 'type', 'sessionAffinity']) spec?.take(key)
      spec?.close(notes, uncarriedServiceKeys, apiName)
      continue
    }
    const known = ownValue(uncarriedKinds, kind)
    if (known) notes[known.kind](section.at, section.path, known.what, known.instead ?? '')
    else
      notes.lost(
        section.at,
        section.path,
        `objects of the kind ${kind} are not part of the catalog`,
        'Keep the manifest beside what is rendered.',
      )
  }
  for (const way of ways)
    if (!workloads.some((workload) => workload.services.some((service) => service.name === way.service)))
      notes.lost(
        objects[0]?.section.at ?? { file: '', line: 1 },
        `Service/${way.service}`,
        `a route leads to the Service ${way.service}, which leads to nothing among the manifests`,
        'Write the service, or take the route away.',
      )
}

function environmentsOf(
  objects: readonly KubernetesObject[],
  namespaces: readonly string[],
  quota: Readonly<Record<string, unknown>> | undefined,
): Draft['environments'] {
  const ingresses = objects.filter((object) => object.kind === 'Ingress')
  const ingressClass = ingresses
    .map(
      (object) =>
        object.section.section('spec')?.text('ingressClassName') ??
        object.annotations.get('kubernetes.io/ingress.class'),
    )
    .find((one) => one !== undefined)
  const certManager = ingresses.some((object) =>
    [...object.annotations.keys()].some((key) => key.startsWith('cert-manager.io/')),
  )
  const hasTls = ingresses.some((object) => object.section.section('spec')?.has('tls'))
  const [namespace] = namespaces
  return {
    development: {},
    production: {
      engine: 'kubernetes',
      ...(namespaces.length === 1 && namespace && { namespace }),
      ...(certManager ? { tls: 'cert-manager' } : hasTls && { tls: 'files' }),
      ...(objects.some((object) => object.kind === 'HTTPRoute')
        ? { ingress: 'gateway-api' }
        : ingressClass !== undefined && ingressClass !== 'nginx' && { ingressClass }),
      ...(quota && { quota }),
    },
  }
}
