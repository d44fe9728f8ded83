import { createHash } from 'node:crypto'

/** Addresses and names of one rig. Names come from the rig's own name, so that what is left of it can always be found. */
export interface AddressPlan {
  /** 0..49; keeps the addresses of rigs on one machine apart. */
  readonly index: number
  /** At most 15 letters, as every link. */
  readonly bridge: string
  /** The control plane's address on the bridge. */
  readonly host: string
  /** Everything the rig uses, as one range. */
  readonly range: string
  readonly serviceRange: string
  readonly podRange: string
  readonly apiServerService: string
  readonly nodes: readonly NodePlan[]
}

/** Addresses and names of one node. */
export interface NodePlan {
  /** The node's name in Kubernetes. */
  readonly name: string
  readonly zone: string
  /** The end of the cable on the host's side. */
  readonly cable: string
  readonly address: string
  readonly podRange: string
  readonly podGateway: string
  /** cgroup under which everything of the node runs. */
  readonly cgroup: string
}

/** How many rigs a machine can hold. */
export const maximumRigs = 50

/** All names and addresses of a rig: `10.(200 + index).0.0/16`, divided. */
export function addressPlan(rig: string, index: number): AddressPlan {
  const prefix = `10.${200 + index}`
  const bridge = `swc${createHash('sha256').update(rig).digest('hex').slice(0, 8)}`
  return {
    index,
    bridge,
    host: `${prefix}.0.1`,
    range: `${prefix}.0.0/16`,
    serviceRange: `${prefix}.64.0/20`,
    podRange: `${prefix}.128.0/17`,
    apiServerService: `${prefix}.64.1`,
    nodes: ['a', 'b'].map((letter, at) => ({
      name: `node-${letter}`,
      zone: `zone-${letter}`,
      cable: `${bridge}-${letter}`,
      address: `${prefix}.0.${11 + at}`,
      podRange: `${prefix}.${129 + at}.0/24`,
      podGateway: `${prefix}.${129 + at}.1`,
      cgroup: `${bridge}-${letter}`,
    })),
  }
}
