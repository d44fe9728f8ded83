import { writeFileSync } from 'node:fs'
import { type ControlPlaneParts, need } from '../control-plane/control-plane.ts'
import type { DaemonSpec } from '../rig/daemon.ts'

/** CoreDNS on the bridge's address. Names outside the cluster do not exist: a test must not depend on the internet. */
export function dns({ plan, tools, credentials, data, logs }: ControlPlaneParts): DaemonSpec {
  const corefile = `${data}/Corefile`
  writeFileSync(
    corefile,
    `cluster.local:53 in-addr.arpa:53 {
  bind ${plan.host}
  errors
  ready ${plan.host}:8181
  kubernetes cluster.local in-addr.arpa {
    kubeconfig ${credentials.kubeconfig('admin')}
    ttl 1
  }
}
.:53 {
  bind ${plan.host}
  template ANY ANY {
    rcode NXDOMAIN
  }
}
`,
  )
  return { name: 'coredns', argv: [need(tools, 'coredns'), '-conf', corefile], log: `${logs}/coredns.log` }
}
