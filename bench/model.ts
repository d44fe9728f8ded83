/**
 * How long a person waits for the catalog: a fleet of a thousand services evaluated, read, resolved in three
 * environments and held against every rule; and `seaworthy explain` on a small fleet as a whole process. `--rounds`.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadFleet } from '@seaworthy/model'
import { stringify } from 'yaml'
import { interleave } from './harness/interleave.ts'
import { thisMachine } from './harness/machine.ts'
import type { BenchOptions, BenchResult } from './harness/result.ts'

const here = join(import.meta.dirname, 'model')
const cli = join(import.meta.dirname, '../packages/cli/bin/seaworthy.mjs')
const thousand = join(here, 'thousand.config.mts')
const small = join(here, 'small.config.mts')

/** Runs the benchmark. */
export async function run(options: BenchOptions): Promise<BenchResult> {
  const machine = thisMachine()
  const rounds = Number(options.args.rounds ?? (options.short ? 5 : 21))
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-bench-'))
  try {
    const { document } = await loadFleet(thousand)
    const json = join(folder, 'thousand.json')
    const yaml = join(folder, 'thousand.yaml')
    writeFileSync(json, JSON.stringify(document))
    writeFileSync(yaml, stringify(document))
    // The first run fills Node's compile cache, as the first run on a user's machine does.
    const first = sinceStart('check-fleet.mjs', thousand)
    const check = await interleave({
      name: `evaluate and check ${first.services} services in ${first.environments} environments, ${first.rules} rules`,
      unit: 'ms since process start',
      better: 'lower',
      rounds,
      say: options.say,
      ours: { name: 'ours', measure: async () => sinceStart('check-fleet.mjs', thousand).ms },
      peers: [
        { name: 'ajv: the shape of the same fleet in JSON', measure: async () => sinceStart('ajv-fleet.mjs', json).ms },
        { name: 'yaml: parsing the same fleet in YAML', measure: async () => sinceStart('yaml-fleet.mjs', yaml).ms },
      ],
    })
    wholeProcess([cli, 'explain', 'api', '--config', small])
    const explain = await interleave({
      name: 'explain a service of a small fleet, whole process',
      unit: 'ms',
      better: 'lower',
      rounds,
      say: options.say,
      ours: { name: 'ours', measure: async () => wholeProcess([cli, 'explain', 'api', '--config', small]) },
      peers: [{ name: 'node -e 0: a process that does nothing', measure: async () => wholeProcess(['-e', '0']) }],
    })
    return {
      ...check,
      machine,
      parts: [explain],
      targets: [
        { claim: `a thousand services under 300 ms (${Math.round(check.ours)} ms)`, met: check.ours < 300 },
        { claim: `explain under 300 ms (${Math.round(explain.ours)} ms)`, met: explain.ours < 300 },
      ],
      notes: [
        `the fleet has ${first.refusals} refusals and ${first.warnings} warnings: nothing is cut short by an error`,
        'ajv judges shape alone: no units, references, overlays or rules; yaml only parses',
        'every number is a process of its own with a warm compile cache, sources run as they are (type stripping)',
      ],
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Answer {
  readonly ms: number
  readonly services: number
  readonly environments: number
  readonly rules: number
  readonly refusals: number
  readonly warnings: number
}

/** Runs a script of this benchmark and returns what it printed. */
function sinceStart(name: string, argument: string): Answer {
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(here, name), argument], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${name} failed: ${stderr}`)
  return JSON.parse(stdout) as Answer
}

/** Milliseconds from the start of a process to its end, as its caller sees them. */
function wholeProcess(words: readonly string[]): number {
  const start = performance.now()
  const { status, stderr } = spawnSync(process.execPath, words, {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  })
  const took = performance.now() - start
  if (status !== 0) throw new Error(`${words.join(' ')} failed: ${stderr}`)
  return took
}
