import { down } from './rig/down.ts'
import { isKept, isLeased, takeLease } from './rig/lease.ts'
import { rigName } from './rig/rig-name.ts'
import { useCluster } from './use-cluster.ts'

/** Brings the cluster up before the tests, and down after them unless a person started it or others still use it. */
export async function setup(): Promise<() => Promise<void>> {
  const name = rigName()
  const kept = isKept(name)
  const shape = process.env.SEAWORTHY_CLUSTER_SHAPE === 'api' ? 'api' : 'cluster'
  const { cluster, reason } = await useCluster({ shape })
  if (reason) console.log(`\ncluster tests are skipped: ${reason}\n`)
  if (kept || !cluster?.faults) return async () => undefined
  const giveBack = takeLease(name)
  return async () => {
    giveBack()
    if (!isKept(name) && !isLeased(name)) await down(name)
  }
}
