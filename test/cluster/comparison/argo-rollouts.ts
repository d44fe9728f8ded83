import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { command } from '../host/command.ts'
import { freePort } from '../host/free-port.ts'
import { clusterProblem } from '../problem-codes.ts'
import { toolFolder } from '../tools/cache.ts'
import { type Cluster, type HostProgram, until, useTools } from '../use-cluster.ts'

/**
 * Starts the Argo Rollouts controller beside the cluster, built from its Go module, with its own custom resources.
 * Resolves when it answers. Throws SWC003 where the tools cannot be built, SWC005 on a cluster of yours.
 */
export async function startArgoRollouts(cluster: Cluster): Promise<HostProgram> {
  const { host, kubectl, kubeconfig } = cluster
  if (!host) throw clusterProblem({ code: 'SWC005', message: 'Argo Rollouts is only started beside our own cluster.' })
  const { tools, reason } = await useTools('rollout')
  const controller = tools['rollouts-controller']
  if (!controller) throw clusterProblem({ code: 'SWC003', message: `Argo Rollouts cannot be built: ${reason}.` })

  const crds = join(await moduleSource(), 'manifests', 'crds')
  // A client-side apply would not fit: the definitions are larger than an annotation may be.
  for (const file of readdirSync(crds).filter((name) => name.endsWith('-crd.yaml'))) {
    await kubectl(['apply', '--server-side', '--force-conflicts', '-f', join(crds, file)])
  }
  const kinds = 'rollouts.argoproj.io,analysistemplates.argoproj.io,analysisruns.argoproj.io'
  await until('the custom resources to be served', () =>
    kubectl(['get', kinds, '--all-namespaces', '-o', 'name']).then(() => true),
  )
  const [health, metrics] = [await freePort(), await freePort()]
  const argv = [
    controller,
    `--kubeconfig=${kubeconfig}`,
    '--leader-elect=false',
    `--healthzPort=${health}`,
    `--metricsPort=${metrics}`,
  ]
  const program = await host.start('argo-rollouts', argv)
  await until('the Argo Rollouts controller', async () => (await fetch(`http://127.0.0.1:${health}/healthz`)).ok, {
    everyMs: 200,
    explain: () => program.tail(),
  })
  return program
}

/** Where Go keeps the module's files, the custom resource definitions among them. */
async function moduleSource(): Promise<string> {
  const said = await command('go', ['mod', 'download', '-json', 'github.com/argoproj/argo-rollouts'], {
    cwd: toolFolder('rollouts'),
    env: { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly', GOWORK: 'off' },
  })
  return JSON.parse(said).Dir
}
