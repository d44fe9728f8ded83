import type { SchemaNode } from './schema-node.ts'

const text: SchemaNode = { type: 'string' }
const whole: SchemaNode = { type: 'integer' }
const texts: SchemaNode = { type: 'object', additionalProperties: text }

function object(properties: Readonly<Record<string, SchemaNode>>, ...required: string[]): SchemaNode {
  return { type: 'object', properties, additionalProperties: false, ...(required.length > 0 && { required }) }
}

function list(items: SchemaNode): SchemaNode {
  return { type: 'array', items }
}

const metadata = object({ name: text, namespace: text, labels: texts, annotations: texts }, 'name')

function kind(spec: SchemaNode): SchemaNode {
  return object({ apiVersion: text, kind: text, metadata, spec }, 'apiVersion', 'kind', 'metadata', 'spec')
}

const reference = object({ name: text, kind: text, apiVersion: text }, 'name')
const labelSelector = object({ matchLabels: texts })
const scalingRules = object({
  stabilizationWindowSeconds: whole,
  selectPolicy: text,
  policies: list(object({ type: text, value: whole, periodSeconds: whole }, 'type', 'value', 'periodSeconds')),
})

/**
 * The parts that we write of kinds that other projects define, closed to everything else: External Secrets v1, Prometheus
 * operator v1, Gateway API v1, KEDA v1alpha1, CloudNativePG v1. Written by hand from those projects' references.
 */
export const customKinds: Readonly<Record<string, SchemaNode>> = {
  'external-secrets.io/v1/SecretStore': kind(
    object(
      {
        provider: object({
          vault: object(
            {
              server: text,
              path: text,
              version: { type: 'string', enum: ['v1', 'v2'] },
              auth: object({
                kubernetes: object({ mountPath: text, role: text, serviceAccountRef: reference }, 'mountPath', 'role'),
              }),
            },
            'server',
          ),
        }),
      },
      'provider',
    ),
  ),
  'external-secrets.io/v1/ExternalSecret': kind(
    object(
      {
        refreshInterval: text,
        secretStoreRef: reference,
        target: object({ name: text, creationPolicy: { type: 'string', enum: ['Owner', 'Orphan', 'Merge', 'None'] } }),
        data: list(
          object(
            { secretKey: text, remoteRef: object({ key: text, property: text, version: text }, 'key') },
            'secretKey',
            'remoteRef',
          ),
        ),
      },
      'secretStoreRef',
    ),
  ),
  'monitoring.coreos.com/v1/ServiceMonitor': kind(
    object(
      { selector: labelSelector, endpoints: list(object({ port: text, path: text, interval: text, scheme: text })) },
      'selector',
      'endpoints',
    ),
  ),
  'monitoring.coreos.com/v1/PrometheusRule': kind(
    object({
      groups: list(
        object(
          {
            name: text,
            interval: text,
            rules: list(
              object({ alert: text, record: text, expr: text, for: text, labels: texts, annotations: texts }, 'expr'),
            ),
          },
          'name',
        ),
      ),
    }),
  ),
  'gateway.networking.k8s.io/v1/HTTPRoute': kind(
    object({
      parentRefs: list(object({ name: text, namespace: text, sectionName: text }, 'name')),
      hostnames: list(text),
      rules: list(
        object({
          matches: list(
            object({
              path: object({
                type: { type: 'string', enum: ['Exact', 'PathPrefix', 'RegularExpression'] },
                value: text,
              }),
              headers: list(object({ name: text, value: text, type: text }, 'name', 'value')),
              method: text,
            }),
          ),
          filters: list(
            object(
              { type: text, urlRewrite: object({ path: object({ type: text, replacePrefixMatch: text }, 'type') }) },
              'type',
            ),
          ),
          backendRefs: list(object({ name: text, port: whole, weight: whole }, 'name')),
          timeouts: object({ request: text, backendRequest: text }),
        }),
      ),
    }),
  ),
  'keda.sh/v1alpha1/ScaledObject': kind(
    object(
      {
        scaleTargetRef: reference,
        minReplicaCount: whole,
        maxReplicaCount: whole,
        triggers: list(object({ type: text, metricType: text, metadata: texts }, 'type', 'metadata')),
        advanced: object({
          horizontalPodAutoscalerConfig: object({
            behavior: object({ scaleUp: scalingRules, scaleDown: scalingRules }),
          }),
        }),
      },
      'scaleTargetRef',
      'triggers',
    ),
  ),
  'postgresql.cnpg.io/v1/Cluster': kind(
    object(
      {
        instances: whole,
        storage: object({ size: text, storageClass: text }, 'size'),
        postgresql: object({ parameters: texts }),
        bootstrap: object({ initdb: object({ database: text, owner: text, secret: reference }, 'database', 'owner') }),
        affinity: object({ topologyKey: text, podAntiAffinityType: text }),
        inheritedMetadata: object({ labels: texts, annotations: texts }),
      },
      'instances',
      'storage',
    ),
  ),
}
