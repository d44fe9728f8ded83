import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { installMissing } from '../../../scripts/machine-packages.ts'
import { clusterProblem } from '../problem-codes.ts'
import { type Cluster, type HostProgram, until } from '../use-cluster.ts'
import { servePodTargets } from './pod-targets.ts'

/** A Prometheus that reads the cluster's pods. */
export interface RunningPrometheus extends HostProgram {
  /** Such as `http://10.200.0.1:9090`, reachable from this machine and from pods. */
  readonly url: string
  /** The value of an instant query that yields one number, or nothing while there is none. */
  query(expression: string): Promise<number | undefined>
}

/**
 * Starts Debian's Prometheus beside the cluster; it scrapes every pod annotated `prometheus.io/scrape: "true"` on its first
 * port. `scrapeSeconds` is its interval (default 5). Throws SWC003 where it cannot be installed, SWC005 on a cluster of yours.
 */
export async function startPrometheus(cluster: Cluster, scrapeSeconds = 5): Promise<RunningPrometheus> {
  const { host, kubeconfig } = cluster
  if (!host) throw clusterProblem({ code: 'SWC005', message: 'Prometheus is only started beside our own cluster.' })
  const needed = { program: 'prometheus', package: 'prometheus', why: 'the comparison of releases' }
  if (installMissing([needed]).length > 0) {
    throw clusterProblem({ code: 'SWC003', message: 'Debian package prometheus is not installed.' })
  }
  const folder = join(host.folder, 'prometheus')
  mkdirSync(folder, { recursive: true })
  const config = join(folder, 'prometheus.json')
  const targets = await servePodTargets(kubeconfig)
  writeFileSync(config, JSON.stringify(configuration(targets.url, scrapeSeconds)))
  const listen = `${host.address}:9090`
  const argv = [
    'prometheus',
    `--config.file=${config}`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=${listen}`,
  ]
  const program = await host.start('prometheus', argv)
  const url = `http://${listen}`
  await until('Prometheus', async () => (await fetch(`${url}/-/ready`)).ok, {
    everyMs: 200,
    explain: () => program.tail(),
  })
  return {
    tail: program.tail,
    url,
    async query(expression) {
      const answer = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: expression })}`)
      const { data } = (await answer.json()) as { data?: { result?: readonly { value: [number, string] }[] } }
      const value = Number(data?.result?.[0]?.value[1] ?? Number.NaN)
      return Number.isNaN(value) ? undefined : value
    },
    async [Symbol.asyncDispose]() {
      await program[Symbol.asyncDispose]()
      await targets[Symbol.asyncDispose]()
    },
  }
}

/** JSON is YAML. */
function configuration(targets: string, scrapeSeconds: number): object {
  return {
    global: { scrape_interval: `${scrapeSeconds}s`, scrape_timeout: `${scrapeSeconds}s` },
    scrape_configs: [{ job_name: 'pods', http_sd_configs: [{ url: targets, refresh_interval: '1s' }] }],
  }
}
