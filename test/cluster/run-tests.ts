/**
 * `npm run test:cluster [-- --short] [vitest arguments]`: the tests that need a cluster. `--short` is for CI: with every
 * tool in the cache it runs all of them; on a bare machine it builds and starts the API server alone, and tests that need
 * nodes are skipped and say so.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { whyNot } from './host/requirements.ts'
import { areBuilt } from './use-cluster.ts'

const words = process.argv.slice(2)
const short = words.includes('--short')
const env = { ...process.env }
if (short && !(await whyNot('api')) && !(await areBuilt('cluster'))) {
  console.log(
    'the cluster tools are not all built: only the API server is built and started, tests with nodes are skipped',
  )
  env.SEAWORTHY_CLUSTER_SHAPE = 'api'
}
const config = join(import.meta.dirname, 'vitest.config.ts')
const args = ['run', '--config', config, ...words.filter((word) => word !== '--short')]
process.exitCode = spawnSync('vitest', args, { stdio: 'inherit', env }).status ?? 1
