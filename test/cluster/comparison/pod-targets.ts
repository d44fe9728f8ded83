import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { request } from 'node:https'
import type { AddressInfo } from 'node:net'

interface Pod {
  readonly metadata: {
    readonly name: string
    readonly namespace: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
    readonly deletionTimestamp?: string
  }
  readonly spec: { readonly containers: readonly { readonly ports?: readonly { readonly containerPort: number }[] }[] }
  readonly status: { readonly phase?: string; readonly podIP?: string }
}

/** A list of what Prometheus is to scrape, served over HTTP. */
export interface PodTargets extends AsyncDisposable {
  readonly url: string
}

/**
 * Serves the running pods annotated `prometheus.io/scrape: "true"` in the form of Prometheus' HTTP service discovery.
 * Debian's Prometheus is built without its own discovery for Kubernetes.
 */
export async function servePodTargets(kubeconfig: string): Promise<PodTargets> {
  const list = podLister(kubeconfig)
  const server = createServer((_, response) => {
    list().then(
      (pods) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(pods.flatMap(target))),
      (error: unknown) => response.writeHead(503).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function target(pod: Pod): object[] {
  const { metadata, spec, status } = pod
  const port = spec.containers[0]?.ports?.[0]?.containerPort
  if (metadata.annotations?.['prometheus.io/scrape'] !== 'true' || status.phase !== 'Running' || !port) return []
  const labels = {
    namespace: metadata.namespace,
    pod: metadata.name,
    app: metadata.labels?.app ?? '',
    revision: metadata.labels?.['rollouts-pod-template-hash'] ?? '',
  }
  return [{ targets: [`${status.podIP}:${port}`], labels }]
}

function podLister(kubeconfig: string): () => Promise<readonly Pod[]> {
  const { clusters, users } = JSON.parse(readFileSync(kubeconfig, 'utf8'))
  const { server, 'certificate-authority-data': authority } = clusters[0].cluster
  const options = {
    ca: Buffer.from(authority, 'base64'),
    headers: { authorization: `Bearer ${users[0].user.token}`, accept: 'application/json' },
    timeout: 5000,
  }
  return () =>
    new Promise((resolve, reject) => {
      const asking = request(`${server}/api/v1/pods`, options, (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')).items ?? []))
        answer.on('error', reject)
      })
      asking.on('timeout', () => asking.destroy(new Error('the API server did not answer within 5 s')))
      asking.on('error', reject).end()
    })
}
