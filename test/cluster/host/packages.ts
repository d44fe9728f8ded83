import type { MachinePackage } from '../../../scripts/machine-packages.ts'

/** What a cluster needs from Debian, besides Go. */
export const clusterPackages: readonly MachinePackage[] = [
  { program: 'etcd', package: 'etcd-server', why: 'the cluster tests' },
  { program: 'containerd', package: 'containerd', why: 'the cluster tests' },
  { program: 'runc', package: 'runc', why: 'the cluster tests' },
  { program: 'iptables', package: 'iptables', why: 'the cluster tests' },
  { program: 'conntrack', package: 'conntrack', why: 'the cluster tests' },
  { program: 'ipset', package: 'ipset', why: 'the cluster tests' },
  { program: 'ip', package: 'iproute2', why: 'the cluster tests' },
]

/** What an API server without nodes needs from Debian, besides Go. */
export const apiPackages: readonly MachinePackage[] = clusterPackages.filter(({ program }) => program === 'etcd')
