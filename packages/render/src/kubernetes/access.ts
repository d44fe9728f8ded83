import type { Fleet } from '@seaworthy/model'
import { labelsOf } from './labels.ts'
import type { KubernetesObject } from './object.ts'

/** Name of the account under which a fleet is run. */
export const controllerAccount = 'seaworthy-controller'

const read = ['get', 'list', 'watch'] as const
const write = [...read, 'create', 'patch', 'delete'] as const

/** API group, kinds in the plural, and what may be done with them. */
type Grant = readonly [group: string, resources: readonly string[], verbs: readonly string[]]

/** Kinds of other projects, by what of the catalog or environment asks for them. */
function optional(fleet: Fleet): readonly Grant[] {
  const { autoscaler, ingress, secrets, secretStore } = fleet.environment
  const operated = Object.values(fleet.postgres).some(({ operator }) => operator === 'cloudnative-pg')
  return [
    ...(autoscaler === 'keda' ? [['keda.sh', ['scaledobjects'], write] as const] : []),
    ...(ingress === 'gateway-api' ? [['gateway.networking.k8s.io', ['httproutes'], write] as const] : []),
    ...(secrets === 'external-secrets' && secretStore
      ? [['external-secrets.io', ['secretstores', 'externalsecrets'], write] as const]
      : []),
    ...(fleet.monitoring.operator ? [['monitoring.coreos.com', ['servicemonitors'], write] as const] : []),
    ...(operated ? [['postgresql.cnpg.io', ['clusters'], write] as const] : []),
  ]
}

/**
 * The account under which a fleet is run, and the least that it may do, all of it in the fleet's namespace: nothing of the
 * cluster, no Secret, no exec, no impersonation.
 */
export function controllerAccess(fleet: Fleet): KubernetesObject[] {
  const metadata = {
    name: controllerAccount,
    namespace: fleet.environment.namespace,
    labels: labelsOf(fleet, controllerAccount),
  }
  const grants: readonly Grant[] = [
    ['', ['pods', 'events'], read],
    ['', ['pods'], ['delete']],
    ['', ['pods/log'], ['get']],
    ['', ['configmaps'], [...write, 'update']],
    ['', ['services', 'serviceaccounts', 'persistentvolumeclaims', 'resourcequotas', 'limitranges'], write],
    ['apps', ['deployments', 'statefulsets'], write],
    ['batch', ['jobs', 'cronjobs'], write],
    ['autoscaling', ['horizontalpodautoscalers'], write],
    ['networking.k8s.io', ['networkpolicies', 'ingresses'], write],
    ['policy', ['poddisruptionbudgets'], write],
    ...optional(fleet),
  ]
  const rules = grants.map(([group, resources, verbs]) => ({ apiGroups: [group], resources, verbs }))
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata, rules },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: controllerAccount },
      subjects: [{ kind: 'ServiceAccount', name: controllerAccount, namespace: fleet.environment.namespace }],
    },
  ]
}
