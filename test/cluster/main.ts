/** `npm run cluster -- up [--api] | down | status | build [SET...]`: the two-node test cluster of this checkout. */
import { formatProblem, Problem } from '@seaworthy/model'
import { whyNot } from './host/requirements.ts'
import { down } from './rig/down.ts'
import { keep } from './rig/lease.ts'
import { rigName } from './rig/rig-name.ts'
import { status } from './rig/status.ts'
import { up } from './rig/up.ts'
import { buildTools } from './tools/build.ts'
import { type ToolSet, toolSets } from './tools/tool.ts'

const usage = `npm run cluster -- up [--api]     start two nodes (or, with --api, an API server alone); once is enough
npm run cluster -- down           stop it and remove every trace
npm run cluster -- status         what runs, where, and how much memory it takes
npm run cluster -- build [SET...] build tools into the cache; sets: ${Object.keys(toolSets).join(', ')} (default: all)`

async function run(words: readonly string[]): Promise<number> {
  const [verb, ...rest] = words
  const name = rigName()
  switch (verb) {
    case 'up': {
      const shape = rest.includes('--api') ? 'api' : 'cluster'
      const reason = await whyNot(shape)
      if (reason) return refuse(reason)
      const { started, readyMs } = await up({ name, shape })
      keep(name)
      console.log(started ? `ready after ${(readyMs / 1000).toFixed(1)} s` : 'already running')
      console.log(await status(name))
      return 0
    }
    case 'down':
      await down(name)
      return 0
    case 'status':
      console.log(await status(name))
      return 0
    case 'build': {
      const reason = await whyNot('api')
      if (reason) return refuse(reason)
      const sets = rest.length > 0 ? rest : Object.keys(toolSets)
      const unknown = sets.filter((set) => !(set in toolSets))
      if (unknown.length > 0) return refuse(`there is no set ${unknown.join(', ')}\n${usage}`)
      await buildTools(sets.flatMap((set) => toolSets[set as ToolSet]))
      return 0
    }
    default:
      console.log(usage)
      return verb === undefined || verb === '--help' ? 0 : 2
  }
}

function refuse(reason: string): number {
  console.error(`cannot: ${reason}`)
  return 1
}

try {
  process.exitCode = await run(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Problem ? formatProblem(error.toJSON()) : error)
  process.exitCode = 1
}
