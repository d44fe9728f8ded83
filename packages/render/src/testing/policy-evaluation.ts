import type { KubernetesObject } from '../kubernetes/object.ts'

type Labels = Readonly<Record<string, string>>

interface Peer {
  readonly podSelector?: { readonly matchLabels?: Labels }
  readonly namespaceSelector?: { readonly matchLabels?: Labels }
  readonly ipBlock?: object
}

interface Rule {
  readonly from?: readonly Peer[]
  readonly to?: readonly Peer[]
  readonly ports?: readonly { readonly protocol?: string; readonly port: number }[]
}

interface Policy {
  readonly podSelector: { readonly matchLabels?: Labels }
  readonly policyTypes: readonly string[]
  readonly ingress?: readonly Rule[]
  readonly egress?: readonly Rule[]
}

/** A pod as policies see it. */
export interface PolicyPod {
  readonly name: string
  readonly labels: Labels
}

function matches(selector: { readonly matchLabels?: Labels } | undefined, labels: Labels): boolean {
  return Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value)
}

/** A peer without a namespace selector means pods of the policy's own namespace. */
function isPeer(peer: Peer, pod: PolicyPod): boolean {
  return peer.ipBlock === undefined && peer.namespaceSelector === undefined && matches(peer.podSelector, pod.labels)
}

function lets(rules: readonly Rule[], side: 'from' | 'to', pod: PolicyPod, port: number): boolean {
  return rules.some(
    (rule) =>
      (rule[side] === undefined || rule[side].some((peer) => isPeer(peer, pod))) &&
      (rule.ports === undefined || rule.ports.some((each) => each.port === port && (each.protocol ?? 'TCP') === 'TCP')),
  )
}

/**
 * Whether pods of one namespace may connect, by the rules of Kubernetes: once any policy of a direction selects a pod, only
 * what some policy allows goes in that direction; both ends must allow it.
 */
export function mayConnect(
  objects: readonly KubernetesObject[],
  from: PolicyPod,
  to: PolicyPod,
  port: number,
): boolean {
  const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy').map(({ spec }) => spec as Policy)
  const allowed = (pod: PolicyPod, other: PolicyPod, type: 'Ingress' | 'Egress'): boolean => {
    const own = policies.filter(
      (policy) => policy.policyTypes.includes(type) && matches(policy.podSelector, pod.labels),
    )
    if (own.length === 0) return true
    return type === 'Ingress'
      ? own.some(({ ingress = [] }) => lets(ingress, 'from', other, port))
      : own.some(({ egress = [] }) => lets(egress, 'to', other, port))
  }
  return allowed(from, to, 'Egress') && allowed(to, from, 'Ingress')
}
