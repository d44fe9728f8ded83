/**
 * `npm run test:cluster [-- --short] [vitest arguments]`: the tests that need a cluster. `--short` is for CI: it spends at
 * most SEAWORTHY_BUILD_MINUTES (12) on building what is missing, and goes on next time where it stopped. Without the tools
 * for nodes the tests run against an API server alone, and those that need nodes are skipped and say so; it leaves out what
 * takes minutes: the engine's conformance, releases, deployments, every chart, faults, lifecycles and the comparisons with
 * other products (`SEAWORTHY_SHORT=1` tells tests to be brief).
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { formatProblem, Problem } from '@seaworthy/model'
import { whyNot } from './host/requirements.ts'
import { buildTools } from './tools/build.ts'
import { toolSets } from './tools/tool.ts'
import { areBuilt } from './use-cluster.ts'

const words = process.argv.slice(2)
const short = words.includes('--short')
const env = { ...process.env }
const args = words.filter((word) => word !== '--short')
if (short) {
  env.SEAWORTHY_SHORT = '1'
  for (const long of [
    'comparison/**',
    'deploy.test.ts',
    'faults.test.ts',
    'lifecycle.test.ts',
    'releases.test.ts',
    'render.test.ts',
  ]) {
    args.push('--exclude', `**/test/cluster/${long}`)
  }
  args.push('--exclude', '**/*.cluster.test.ts')
  if (!(await whyNot('api')) && !(await buildWithin(Number(env.SEAWORTHY_BUILD_MINUTES ?? 12)))) {
    console.log('the tools for nodes are not built yet: only tests that need an API server alone will run')
    env.SEAWORTHY_CLUSTER_SHAPE = 'api'
  }
}
const config = join(import.meta.dirname, 'vitest.config.ts')
process.exitCode = spawnSync('vitest', ['run', '--config', config, ...args], { stdio: 'inherit', env }).status ?? 1

/** Builds the tools for nodes within so many minutes; false when that was not enough or failed. */
async function buildWithin(minutes: number): Promise<boolean> {
  try {
    await buildTools(toolSets.cluster, { signal: AbortSignal.timeout(minutes * 60_000) })
  } catch (error) {
    console.error(error instanceof Problem ? formatProblem(error.toJSON()) : error)
  }
  return areBuilt('cluster')
}
