import type { Fleet, Service } from '@seaworthy/model'
import { toYaml } from '../yaml.ts'

/** Image of the test pods: small, and its `wget` is all that is needed. */
const testImage = 'docker.io/library/busybox:1.37'

/** The template of `helm test` for a service: a pod that asks for readiness through the Service, and is let in and out for it. */
export function connectionTest(fleet: Fleet, service: Service): string | undefined {
  if (!service.port || service.protocol === 'tcp' || service.protocol === 'grpc') return undefined
  const labels = {
    'app.kubernetes.io/part-of': fleet.name,
    'seaworthy.dev/test': 'true',
    'seaworthy.dev/tested': service.name,
  }
  const hook = (weight: number): Record<string, string> => ({
    'helm.sh/hook': 'test',
    'helm.sh/hook-weight': String(weight),
    'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded',
  })
  const name = `${service.name}-test`
  const path = service.health.ready?.http ?? '/'
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, annotations: hook(0) },
    spec: { podSelector: { matchLabels: labels }, policyTypes: ['Egress'], egress: [{}] },
  }
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels, annotations: hook(1) },
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 10_001, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'ask',
          image: testImage,
          command: ['wget', '-q', '-T', '10', '-O', '-', `http://${service.name}:${service.port}${path}`],
          resources: { requests: { cpu: '50m', memory: '32Mi' }, limits: { cpu: '50m', memory: '32Mi' } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        },
      ],
    },
  }
  return [policy, pod].map((object) => toYaml(object)).join('---\n')
}
