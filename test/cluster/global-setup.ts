import { down } from './rig/down.ts'
import { isLeased, takeLease } from './rig/lease.ts'
import { rigName } from './rig/rig-name.ts'
import { readState } from './rig/state.ts'
import { useCluster } from './use-cluster.ts'

/** Brings the cluster up before the tests, and down after them unless it was there before or others still use it. */
export async function setup(): Promise<() => Promise<void>> {
  const name = rigName()
  const wasUp = readState(name)?.ready === true && !isLeased(name)
  const shape = process.env.SEAWORTHY_CLUSTER_SHAPE === 'api' ? 'api' : 'cluster'
  const { cluster, reason } = await useCluster({ shape })
  if (reason) console.log(`\ncluster tests are skipped: ${reason}\n`)
  if (!cluster?.faults) return async () => undefined
  const giveBack = takeLease(name)
  return async () => {
    giveBack()
    if (!wasUp && !isLeased(name)) await down(name)
  }
}
