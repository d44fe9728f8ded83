import { createHash } from 'node:crypto'
import { canonicalJson, type Fleet } from '@seaworthy/model'
import { type KubernetesObject, type RenderOptions, renderKubernetes } from '@seaworthy/render'
import { fleetIdentity } from '../../machine/desired/plan-fleet.ts'
import type { KubernetesApi } from '../api/api-client.ts'
import { type Applied, applyObjects, prune } from '../apply/apply-objects.ts'
import { prunable } from '../ownership.ts'
import { jobEnded } from '../run-job.ts'
import { type DeployEntry, recordDeployment } from './deploy-record.ts'

/** Everything that is to be in the cluster, and what it was made from. */
export interface Deployment {
  readonly fleet: string
  readonly namespace: string
  readonly identity: string
  readonly objects: readonly KubernetesObject[]
}

/**
 * A fleet as a deployment. A job that stands before a service is named after what it runs, since a Job can't be changed:
 * another image is another Job, and the same one is not run again.
 */
export function deploymentOf(fleet: Fleet, options: RenderOptions): Deployment {
  return {
    fleet: fleet.name,
    namespace: fleet.environment.namespace,
    identity: fleetIdentity(fleet),
    objects: renderKubernetes(fleet, options).map(named),
  }
}

function named(object: KubernetesObject): KubernetesObject {
  if (object.kind !== 'Job') return object
  const hash = createHash('sha256').update(canonicalJson(object.spec)).digest('hex').slice(0, 8)
  return { ...object, metadata: { ...object.metadata, name: `${object.metadata.name.slice(0, 50)}-${hash}` } }
}

/** What happened, as it happens. */
export type DeployEvent =
  | { readonly kind: 'applied'; readonly applied: Applied }
  | { readonly kind: 'removed'; readonly object: string }
  | { readonly kind: 'job'; readonly job: string; readonly succeeded: boolean; readonly reason?: string }

const workloads = new Set(['Deployment', 'StatefulSet'])

/**
 * Applies a deployment: what workloads stand on, then jobs to their end, then workloads; then takes away what is not
 * wanted any more and writes down what was applied. Stops before the workloads when a job fails.
 */
export async function* deploy(
  api: KubernetesApi,
  deployment: Deployment,
  options: { readonly force: boolean; readonly approvedBy: readonly string[]; readonly now: number },
): AsyncGenerator<DeployEvent> {
  const { fleet, namespace, objects } = deployment
  const jobs = objects.filter(({ kind }) => kind === 'Job')
  const last = objects.filter(({ kind }) => workloads.has(kind) || kind === 'HorizontalPodAutoscaler')
  const isData = ({ kind, metadata }: KubernetesObject): boolean =>
    kind === 'StatefulSet' && metadata.labels?.['seaworthy.dev/tier'] === undefined
  const first = objects.filter((object) => !jobs.includes(object) && (!last.includes(object) || isData(object)))
  for (const applied of await applyObjects(api, first, options)) yield { kind: 'applied', applied }
  for (const applied of await applyObjects(api, jobs, options)) yield { kind: 'applied', applied }
  for (const { metadata } of jobs) {
    const outcome = await jobEnded(api, namespace, metadata.name, deployment.identity)
    const succeeded = outcome.kind === 'succeeded'
    yield { kind: 'job', job: metadata.name, succeeded, ...(outcome.kind === 'failed' && { reason: outcome.reason }) }
    if (!succeeded) return
  }
  const after = last.filter((object) => !isData(object))
  for (const applied of await applyObjects(api, after, options)) yield { kind: 'applied', applied }
  const kinds = [{ apiVersion: 'apps/v1', kind: 'Deployment' }, ...prunable]
  for (const object of await prune(api, fleet, namespace, kinds, objects)) yield { kind: 'removed', object }
  const { identity } = deployment
  const entry: DeployEntry = { identity, at: options.now, approvedBy: options.approvedBy, objects }
  await recordDeployment(api, fleet, namespace, entry)
}
