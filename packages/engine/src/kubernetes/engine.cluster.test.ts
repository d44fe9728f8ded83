import { readdirSync, readFileSync } from 'node:fs'
import { describe } from 'vitest'
import { loadFixture } from '../../../../test/cluster/pods/fixture-image.ts'
import { useCluster } from '../../../../test/cluster/use-cluster.ts'
import { engineConformance } from '../conformance/engine-conformance.ts'
import { type Rig, testFleet } from '../conformance/rig.ts'
import { nodePath } from '../image/index.ts'
import { InProcessGateway } from '../machine/testing/in-process-gateway.ts'
import { KubernetesApi } from './api/api-client.ts'
import { kubeconfigAccess } from './api/kubeconfig.ts'
import { KubernetesEngine } from './kubernetes-engine.ts'

const { cluster, reason } = await useCluster({ own: true })

const image = cluster && (await loadFixture(cluster))

describe.skipIf(!cluster)(`on a cluster${reason ? ` (skipped: ${reason})` : ''}`, () => {
  engineConformance('the Kubernetes engine', async (): Promise<Rig> => {
    const { namespace } = testFleet([]).environment
    const api = new KubernetesApi(kubeconfigAccess({ path: cluster?.kubeconfig ?? '' }))
    const link = new InProcessGateway()
    const start = (): Promise<KubernetesEngine> =>
      KubernetesEngine.start({ api, fleet: 'conformance', environment: 'development', namespace, link })
    let engine = await start()
    return {
      get engine() {
        return engine
      },
      program: { image: image ?? '' },
      script: (code) => ({ image: image ?? '', run: [nodePath, '-e', code] }),
      successor: async () => {
        await engine[Symbol.asyncDispose]()
        engine = await start()
        return engine
      },
      kill: async (replica) => killPod(replica),
      [Symbol.asyncDispose]: async () => {
        for await (const _ of engine.down({ force: true }));
        await engine[Symbol.asyncDispose]()
        await link[Symbol.asyncDispose]()
        await api[Symbol.asyncDispose]()
      },
    }
  })
})

/** SIGKILL to a pod's program, from the machine that holds the node. */
function killPod(pod: string): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`HOSTNAME=${pod}`))
        process.kill(Number(pid), 'SIGKILL')
    } catch {
      // The process has ended meanwhile.
    }
  }
}
