import { accessSync, constants } from 'node:fs'
import { hasProgram, installMissing } from '../../../scripts/machine-packages.ts'
import { tryCommand } from './command.ts'
import { apiPackages, clusterPackages } from './packages.ts'

/** Which kind of cluster is wanted: a control plane alone, or one with nodes. */
export type ClusterShape = 'api' | 'cluster'

/** The oldest Go that the pinned modules accept (tools/kit/go.mod). */
const oldestGo = [1, 26, 4] as const

/** Why this machine cannot run a cluster, in one sentence, or nothing when it can. Installs Debian packages where it may. */
export async function whyNot(shape: ClusterShape): Promise<string | undefined> {
  if (process.platform !== 'linux') return `a cluster needs Linux, and this is ${process.platform}`
  if (process.getuid?.() !== 0) return 'a cluster needs root, for namespaces and cgroups'
  if (!hasProgram('go')) return 'the cluster tools are built with Go, which is not installed'
  const { stdout } = await tryCommand('go', ['env', 'GOVERSION'], { env: { ...process.env, GOTOOLCHAIN: 'local' } })
  if (isOlder(stdout.trim()))
    return `the cluster tools need Go ${oldestGo.join('.')} or later, and this is ${stdout.trim()}`
  for (const program of ['flock', 'unshare', 'nsenter']) {
    if (!hasProgram(program)) return `${program} (util-linux) is not installed`
  }
  const missing = installMissing(shape === 'api' ? apiPackages : clusterPackages)
  if (missing.length > 0) return `Debian packages are missing: ${missing.map((entry) => entry.package).join(', ')}`
  if (shape === 'api') return undefined
  try {
    accessSync('/usr/lib/cni/bridge', constants.X_OK)
  } catch {
    return 'the CNI plugins are not under /usr/lib/cni (Debian package containernetworking-plugins)'
  }
  return undefined
}

function isOlder(version: string): boolean {
  const parts = /^go(\d+)\.(\d+)(?:\.(\d+))?/.exec(version)
  if (!parts) return true
  for (const [index, least] of oldestGo.entries()) {
    const found = Number(parts[index + 1] ?? 0)
    if (found !== least) return found < least
  }
  return false
}
