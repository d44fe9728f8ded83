import type { Fleet, Json } from '@seaworthy/model'
import type { FileTree } from '../file-tree.ts'
import { joinTrees } from '../file-tree.ts'
import type { RenderOptions } from '../kubernetes/options.ts'
import { foundationObjects, jobObjects, serviceObjects } from '../kubernetes/render.ts'
import { toYaml } from '../yaml.ts'
import { type Chart, chartTree, makeChart } from './chart.ts'
import { connectionTest } from './chart-test.ts'
import { commonValues } from './common-values.ts'

/** One environment of a fleet, ready to render. */
export interface HelmEnvironment {
  readonly fleet: Fleet
  readonly options: RenderOptions
}

const version = '0.1.0'

function programNames(environments: readonly HelmEnvironment[], of: 'services' | 'jobs'): string[] {
  return [...new Set(environments.flatMap(({ fleet }) => Object.keys(fleet[of])))]
}

/** The chart of one service or job, with the values of every environment. */
function programChart(environments: readonly HelmEnvironment[], name: string): Chart {
  return makeChart(
    name,
    environments.map(({ fleet, options }) => {
      const service = fleet.services[name]
      const job = fleet.jobs[name]
      const objects = service ? serviceObjects(fleet, service, options) : job ? jobObjects(fleet, job, options) : []
      return { environment: fleet.environment.name, objects }
    }),
  )
}

function notes(fleet: Fleet, name: string): string {
  const first = fleet.services[name]
  return [
    `${name} of ${fleet.name} has been installed in {{ .Release.Namespace }}.`,
    '',
    `  kubectl --namespace {{ .Release.Namespace }} rollout status ${first && Object.keys(first.storage).length > 0 ? 'statefulset' : 'deployment'}/${name}`,
    '  helm test {{ .Release.Name }} --namespace {{ .Release.Namespace }}',
    ...(first?.runbook ? ['', `When it does not become ready: ${first.runbook}`] : []),
    '',
  ].join('\n')
}

/**
 * The charts of a fleet: one of its own for every service and job, and one around them that adds what they all stand on.
 * The folder is that of the outer chart; each inner one may also be installed alone. Values of an environment stand in
 * `values-<environment>.yaml` of every chart.
 */
export function fleetCharts(environments: readonly HelmEnvironment[]): FileTree {
  const first = environments[0]
  if (!first) return new Map()
  const { fleet } = first
  const names = [...programNames(environments, 'jobs'), ...programNames(environments, 'services')]
  const charts = names.map((name) => programChart(environments, name))
  const outer = makeChart(
    fleet.name,
    environments.map((each) => ({
      environment: each.fleet.environment.name,
      objects: foundationObjects(each.fleet, each.options),
    })),
  )
  const inner = Object.fromEntries(
    charts.map((chart) => {
      const service = fleet.services[chart.name]
      const test = service && connectionTest(fleet, service)
      const description =
        service?.description ?? fleet.jobs[chart.name]?.description ?? `${chart.name} of ${fleet.name}`
      return [
        `charts/${chart.name}`,
        chartTree(chart, { version, description, notes: notes(fleet, chart.name), ...(test && { test }) }),
      ] as const
    }),
  )
  const own = new Map(
    chartTree(outer, {
      version,
      description: fleet.description ?? `All of ${fleet.name}`,
      notes: `${fleet.name} has been installed in {{ .Release.Namespace }}: ${names.length} programs.\n`,
      parts: names,
    }),
  )
  const all = environments.map((environment) => {
    const name = environment.fleet.environment.name
    const inner = charts.map((chart) => [chart.name, { enabled: true, ...chart.values[name] }] as const)
    return { name, values: { ...outer.values[name], ...Object.fromEntries(inner) } as Record<string, Json> }
  })
  for (const { name, values } of all) own.set(`values-${name}.yaml`, toYaml(values))
  own.set('values.yaml', toYaml(commonValues(all.map(({ values }) => values))))
  // The outer schema lets inner charts' values through to their own schemas.
  const schema = JSON.parse(own.get('values.schema.json') ?? '{}') as { properties: Record<string, unknown> }
  for (const chart of charts) schema.properties[chart.name] = { type: 'object' }
  own.set('values.schema.json', `${JSON.stringify(schema, null, 2)}\n`)
  return joinTrees({ '': own, ...inner })
}
