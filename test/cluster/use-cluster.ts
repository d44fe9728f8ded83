import { whyNot } from './host/requirements.ts'
import { type Cluster, connectOther, connectRig } from './rig/cluster.ts'
import { rigName } from './rig/rig-name.ts'
import { up } from './rig/up.ts'
import { buildTools, goVersion, missingTools, type ToolPaths } from './tools/build.ts'
import { type ToolName, type ToolSet, toolSets } from './tools/tool.ts'

export { until } from './host/until.ts'
export type { Cluster, ClusterHost, HostProgram, TestNamespace } from './rig/cluster.ts'
export type { ClusterFaults, ControlPlanePart, Fault } from './rig/faults.ts'
export type { LoadedImage } from './rig/images.ts'
export { applyObjects, getObject, type Kubectl } from './rig/kubectl.ts'

/** What a test asks of a cluster. */
export interface ClusterNeeds {
  /** `api` suffices for tests that only talk to the API server. Default: `cluster`. */
  readonly shape?: 'api' | 'cluster'
  /** Faults or image imports are needed, so a cluster of the user's will not do. */
  readonly own?: boolean
}

/**
 * The cluster for tests: the user's, when `KUBECONFIG` is set and `SEAWORTHY_TEST_CLUSTER=disposable` says that it may be
 * damaged; else this checkout's rig, which is started when it is not running. Under `npm run test:cluster` it is up already
 * and goes down with the run.
 *
 * ```ts
 * const { cluster, reason } = await useCluster()
 * describe.skipIf(!cluster)(`a rollout${reason ? ` (skipped: ${reason})` : ''}`, () => { ... })
 * ```
 */
export async function useCluster(
  needs: ClusterNeeds = {},
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ readonly cluster: Cluster | undefined; readonly reason: string | undefined }> {
  const none = (reason: string): { cluster: undefined; reason: string } => ({ cluster: undefined, reason })
  const shape = needs.shape ?? 'cluster'
  if (env.SEAWORTHY_TEST_CLUSTER === 'disposable' && env.KUBECONFIG) {
    if (needs.own) return none('it needs hold on the nodes, which a cluster of yours does not give')
    const cluster = await connectOther(env.KUBECONFIG)
    if (shape === 'cluster' && cluster.shape === 'api') return none('the cluster in KUBECONFIG has no nodes')
    return { cluster, reason: undefined }
  }
  if (shape === 'cluster' && env.SEAWORTHY_CLUSTER_SHAPE === 'api') return none('this is the short run, without nodes')
  const reason = await whyNot(shape)
  if (reason) return none(reason)
  await up({ name: rigName(env), shape })
  return { cluster: await connectRig(rigName(env)), reason: undefined }
}

/** Paths of the tools of a set, built now if need be, or the reason why they cannot be. */
export async function useTools(
  set: ToolSet,
): Promise<{ readonly tools: Partial<ToolPaths>; readonly reason: string | undefined }> {
  const reason = await whyNot('api')
  if (reason) return { tools: {}, reason }
  return { tools: await buildTools(toolSets[set]), reason: undefined }
}

/** Whether all tools of a set are in the cache, so that using them costs nothing. */
export async function areBuilt(set: ToolSet): Promise<boolean> {
  const names: readonly ToolName[] = toolSets[set]
  return missingTools(names, await goVersion()).length === 0
}
