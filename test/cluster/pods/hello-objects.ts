import { getObject, type TestNamespace } from '../use-cluster.ts'

/** How the hello service is to run. */
export interface HelloOptions {
  readonly image: string
  readonly replicas: number
  /** Default: `hello`. */
  readonly name?: string
  readonly env?: Readonly<Record<string, string>>
}

/** A pod template that the *restricted* pod security level admits, spread over the nodes, scraped by Prometheus. */
export function helloTemplate({ image, name = 'hello', env = {} }: HelloOptions): object {
  const labels = { app: name }
  const container = {
    name,
    image,
    imagePullPolicy: 'IfNotPresent',
    ports: [{ containerPort: 8080 }],
    env: [
      { name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
      ...Object.entries(env).map(([key, value]) => ({ name: key, value })),
    ],
    resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { cpu: '500m', memory: '128Mi' } },
    readinessProbe: { httpGet: { path: '/health', port: 8080 }, periodSeconds: 1 },
    securityContext: {
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
  }
  const spread = {
    maxSkew: 1,
    topologyKey: 'topology.kubernetes.io/zone',
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: labels },
  }
  return {
    metadata: { labels, annotations: { 'prometheus.io/scrape': 'true' } },
    spec: { terminationGracePeriodSeconds: 10, topologySpreadConstraints: [spread], containers: [container] },
  }
}

/** The Service in front of the pods. */
export function helloService({ name = 'hello' }: Pick<HelloOptions, 'name'>): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] },
  }
}

/** A Deployment and its Service. */
export function helloObjects(options: HelloOptions): readonly object[] {
  const { name = 'hello', replicas } = options
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { replicas, selector: { matchLabels: { app: name } }, template: helloTemplate(options) },
  }
  return [deployment, helloService(options)]
}

/** What the tests read of a pod. */
export interface Pod {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string }
  readonly spec: { readonly nodeName?: string }
  readonly status: {
    readonly podIP?: string
    readonly conditions?: readonly { readonly type: string; readonly status: string }[]
  }
}

/** The pods of a service that are ready and not about to go. */
export async function podsOf(space: TestNamespace, name = 'hello'): Promise<readonly Pod[]> {
  const { items } = await getObject<{ items: readonly Pod[] }>(space.kubectl, ['pods', '-l', `app=${name}`])
  const ready = (pod: Pod): boolean =>
    pod.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false
  return items.filter((pod) => ready(pod) && pod.metadata.deletionTimestamp === undefined)
}
