/**
 * The Kubernetes objects of one environment, from a catalog by `seaworthy render manifests` and from the chart of the same
 * catalog by `helm template`: two processes from their start to the last byte, on equal output, one after the other in turn.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { environment, type Fleet, fleet, resolve, service } from '@seaworthy/model'
import {
  type FileTree,
  fleetCharts,
  type KubernetesObject,
  objectId,
  renderKubernetes,
  sameJson,
} from '@seaworthy/render'
import { parseAllDocuments } from 'yaml'
import { useTools } from '../test/cluster/use-cluster.ts'
import { thisMachine } from './harness/machine.ts'
import { type BenchOptions, type BenchResult, type Measure, ratioToBest } from './harness/result.ts'

const root = join(import.meta.dirname, '..')

/** Runs the benchmark. */
export async function run(options: BenchOptions): Promise<BenchResult> {
  const { tools, reason } = await useTools('render')
  const helm = tools.helm
  if (helm === undefined) throw new Error(`helm is needed: ${reason}`)
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-bench-render-'))
  try {
    const [small, large] = [29, 1000].map((size) => compare(folder, helm, size, options.short ? 3 : 5, options.say))
    const library = inProcess(1000, options.short ? 3 : 9)
    if (!small || !large) throw new Error('two sizes are measured')
    return {
      ...large,
      machine: thisMachine(),
      parts: [small, library],
      targets: [
        { claim: '29 services at least 10 × faster than Helm', met: (small.ratio ?? 1) <= 0.1 },
        { claim: '1,000 services at least 10 × faster than Helm', met: (large.ratio ?? 1) <= 0.1 },
        { claim: '1,000 services in less than 1 s, from the start of the process', met: large.ours < 1000 },
        { claim: '1,000 services in less than 1 s, in a process that holds the catalog', met: library.ours < 1000 },
      ],
      notes: [
        'The outputs were compared object by object before anything was timed, and are equal.',
        'Ours evaluates and checks the catalog in each run; Helm reads the chart that we made from it. cdk8s is not measured.',
      ],
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A catalog of that many services, each with a route, a scale and a need of the one before. */
function catalogText(size: number): string {
  return `import { environment, fleet, service, type ServicePart } from '@seaworthy/model'
const services: ServicePart[] = []
for (let i = 0; i < ${size}; i += 1) {
  services.push(service(\`s\${i}\`, {
    image: \`registry.example.com/s\${i}:1\`, port: 3000, health: '/health', routes: [\`/s\${i}\`],
    needs: services.slice(-1), env: { LEVEL: 'info', INDEX: String(i) }, scale: [2, 6],
  }))
}
export default fleet('bench', { services, monitoring: { operator: false },
  environments: [environment('production', { engine: 'kubernetes', namespace: 'bench' })] })
`
}

function fleetOf(size: number): Fleet {
  const services: ReturnType<typeof service>[] = []
  for (let i = 0; i < size; i += 1)
    services.push(
      service(`s${i}`, {
        image: `registry.example.com/s${i}:1`,
        port: 3000,
        health: '/health',
        routes: [`/s${i}`],
        needs: services.slice(-1),
        env: { LEVEL: 'info', INDEX: String(i) },
        scale: [2, 6],
      }),
    )
  const production = environment('production', { engine: 'kubernetes', namespace: 'bench' })
  const document = fleet('bench', { services, monitoring: { operator: false }, environments: [production] })
  return resolve(document, 'production')
}

function compare(folder: string, helm: string, size: number, n: number, say: (line: string) => void): Measure {
  const at = join(folder, String(size))
  const chart = join(at, 'chart')
  const rendered = fleetOf(size)
  write(chart, fleetCharts([{ fleet: rendered, options: {} }]))
  write(
    at,
    new Map([
      ['seaworthy.config.mts', catalogText(size)],
      ['package.json', '{"type":"module"}'],
    ]),
  )
  symlinkSync(join(root, 'node_modules'), join(at, 'node_modules'))
  const exec = (program: string, args: readonly string[]): string =>
    execFileSync(program, args, {
      cwd: at,
      encoding: 'utf8',
      maxBuffer: 1 << 30,
      env: { ...process.env, NO_COLOR: '1' },
    })
  const cli = join(root, 'packages/cli/src/main.ts')
  const contenders = {
    ours: () => exec(process.execPath, [cli, 'render', 'manifests', '--env', 'production', '--out', '-']),
    helm: () => {
      const values = ['--values', join(chart, 'values-production.yaml'), '--set', 'createNamespace=true']
      return exec(helm, ['template', 'bench', chart, '--namespace', 'bench', '--skip-tests', ...values])
    },
  }
  const wanted = new Map(renderKubernetes(rendered).map((object) => [objectId(object), object]))
  for (const [name, give] of Object.entries(contenders)) requireEqual(name, read(give()), wanted)
  const times: Record<keyof typeof contenders, number[]> = { ours: [], helm: [] }
  for (let round = 0; round < n; round += 1) {
    for (const name of ['ours', 'helm'] as const) {
      const begun = performance.now()
      contenders[name]()
      times[name].push(performance.now() - begun)
      say(`${size} services, ${name}: ${Math.round(times[name].at(-1) ?? 0)} ms`)
    }
  }
  const peers = { 'helm template': median(times.helm) }
  const ours = median(times.ours)
  return {
    name: `${size} services (${wanted.size} objects) rendered, from the start of the process`,
    unit: 'ms',
    better: 'lower',
    ours,
    peers,
    ratio: ratioToBest(ours, peers, 'lower'),
    n,
    spread: { ours: range(times.ours), 'helm template': range(times.helm) },
  }
}

/** Rendering alone, without the start of a process and without reading the catalog. */
function inProcess(size: number, n: number): Measure {
  const rendered = fleetOf(size)
  const times = Array.from({ length: n }, () => {
    const begun = performance.now()
    renderKubernetes(rendered)
    return performance.now() - begun
  })
  const name = `${size} services as objects, in a process that holds the catalog`
  return {
    name,
    unit: 'ms',
    better: 'lower',
    ours: median(times),
    peers: {},
    ratio: null,
    n,
    spread: { ours: range(times) },
  }
}

function requireEqual(
  name: string,
  got: readonly KubernetesObject[],
  wanted: ReadonlyMap<string, KubernetesObject>,
): void {
  if (got.length !== wanted.size) throw new Error(`${name} gave ${got.length} objects, not ${wanted.size}`)
  for (const object of got) {
    const other = wanted.get(objectId(object))
    if (!sameJson(object as never, other as never)) throw new Error(`${name} gave another ${objectId(object)}`)
  }
}

function read(text: string): readonly KubernetesObject[] {
  return parseAllDocuments(text, { version: '1.1' }).flatMap((document) =>
    document.contents === null ? [] : [document.toJS() as KubernetesObject],
  )
}

function write(folder: string, tree: FileTree): void {
  for (const [path, text] of tree) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}

function range(values: readonly number[]): readonly [number, number] {
  return [Math.min(...values), Math.max(...values)]
}
