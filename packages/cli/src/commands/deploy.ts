import {
  type DeployEntry,
  type Deployment,
  deploy,
  deploymentOf,
  KubernetesApi,
  kubeconfigAccess,
  objectChanges,
  readDeployments,
  rolledOut,
} from '@seaworthy/engine'
import { Problem } from '@seaworthy/model'
import { type Arguments, type Command, catalogOptions, flagOption, textOption } from '../command.ts'
import { changeLines, missingApprovals } from '../deploy/deploy-lines.ts'
import { renderOptionsOf } from '../deploy/render-options.ts'
import { exitCode } from '../exit-code.ts'
import { type OpenCatalog, openCatalog } from '../fleet/open-catalog.ts'
import type { Io } from '../io.ts'

export const command: Command = {
  name: 'deploy',
  summary: 'brings the fleet to its Kubernetes cluster: shows what changes, asks, applies, waits',
  usage: `seaworthy deploy [path] --env NAME [--yes] [--approved-by PERSON] [--set-image SERVICE=IMAGE]
  seaworthy deploy --env NAME --diff | --drift | --rollback`,
  example: `$ seaworthy deploy --env production --yes
change apps/v1/Deployment/shop/api
  replace /spec/template/spec/containers/0/image "registry.example.com/api@sha256:9f2c..."
1 to change, 14 as they are
api: 1/2 ready
api: 2/2 ready
deployed`,
  options: {
    ...catalogOptions,
    yes: { type: 'boolean', short: 'y', help: 'does not ask' },
    diff: { type: 'boolean', help: 'only shows what would change; exit code 1 when something would' },
    drift: {
      type: 'boolean',
      help: 'only shows what others changed since the last deployment; exit code 1 when something',
    },
    rollback: { type: 'boolean', help: 'deploys what was deployed before the last deployment' },
    'approved-by': { type: 'string', value: 'PERSON', multiple: true, help: 'who approved it; may be repeated' },
    'force-conflicts': { type: 'boolean', help: 'takes fields that other field managers own' },
    kubeconfig: { type: 'string', value: 'PATH', help: '$KUBECONFIG or ~/.kube/config unless given' },
    'set-image': {
      type: 'string',
      multiple: true,
      value: 'SERVICE=IMAGE',
      help: 'image of a service, best by digest; may be repeated',
    },
    registry: { type: 'string', value: 'PREFIX', help: 'put before the names of images that the catalog builds' },
    tag: { type: 'string', value: 'TAG', help: 'tag of images that the catalog builds' },
  },
  positionals: 1,
  run,
}

async function run(args: Arguments, io: Io): Promise<number> {
  const catalog = await openCatalog(args, io)
  if (typeof catalog === 'number') return catalog
  const { engine, context, namespace } = catalog.fleet.environment
  if (engine !== 'kubernetes')
    throw new Problem({
      code: 'SW9010',
      message: `the environment ${catalog.environment} runs on this machine, not on Kubernetes`,
      hint: `seaworthy up --env ${catalog.environment}`,
    })
  const path = textOption(args, 'kubeconfig')
  const access = kubeconfigAccess({ ...(path !== undefined && { path }), ...(context !== undefined && { context }) })
  await using api = new KubernetesApi(access)
  const history = await readDeployments(api, namespace)
  const wanted = meant(args, catalog, history)
  const changes = await objectChanges(api, wanted.objects)
  const differing = changes.filter(({ change }) => change !== 'none')
  if (flagOption(args, 'json')) io.out(JSON.stringify({ kind: 'changes', changes: differing }))
  else for (const line of changeLines(changes)) io.out(line)
  if (flagOption(args, 'diff') || flagOption(args, 'drift')) return differing.length === 0 ? exitCode.done : exitCode.no
  return await apply(api, wanted, args, catalog, io)
}

/** What is to be in the cluster: the catalog, or one of the deployments before. */
function meant(args: Arguments, catalog: OpenCatalog, history: readonly DeployEntry[]): Deployment {
  const drift = flagOption(args, 'drift')
  if (!drift && !flagOption(args, 'rollback')) return deploymentOf(catalog.fleet, renderOptionsOf(args))
  const entry = history[drift ? 0 : 1]
  const { name, environment } = catalog.fleet
  if (entry) return { fleet: name, namespace: environment.namespace, ...entry }
  throw new Problem({
    code: 'SW9011',
    message: drift
      ? `nothing was deployed into ${environment.namespace} yet`
      : `${environment.namespace} holds no deployment before the last one`,
    hint: drift ? 'Deploy first: `seaworthy deploy`.' : 'Go back in the catalog instead, and deploy that.',
  })
}

async function apply(
  api: KubernetesApi,
  wanted: Deployment,
  args: Arguments,
  catalog: OpenCatalog,
  io: Io,
): Promise<number> {
  const given = args.values['approved-by']
  const approvedBy = (Array.isArray(given) ? given : given === undefined ? [] : [given]).map(String)
  const missing = missingApprovals(catalog.fleet.environment.approvals, approvedBy)
  if (missing.length > 0)
    throw new Problem({
      code: 'SW9012',
      message: `${catalog.environment} is deployed with approval only: ${missing.join('; ')}`,
      hint: 'Name who approved it with --approved-by; the name is kept with the deployment.',
    })
  if (!flagOption(args, 'yes') && !(await io.confirm(`Deploy to ${wanted.namespace}?`))) {
    io.err('nothing was changed; --yes deploys without asking')
    return exitCode.no
  }
  const json = flagOption(args, 'json')
  const options = { force: flagOption(args, 'force-conflicts'), approvedBy, now: Date.now() }
  for await (const event of deploy(api, wanted, options)) {
    if (json) io.out(JSON.stringify(event))
    else if (event.kind === 'removed') io.out(`removed ${event.object}`)
    else if (event.kind === 'job') io.out(`job ${event.job}: ${event.succeeded ? 'done' : `failed: ${event.reason}`}`)
    if (event.kind === 'job' && !event.succeeded) {
      io.err('no workload was changed')
      return exitCode.no
    }
  }
  const tell = (state: { workload: string; ready: number; wanted: number; reasons: readonly string[] }): void => {
    if (json) io.out(JSON.stringify({ kind: 'workload', ...state }))
    else io.out(`${[`${state.workload}: ${state.ready}/${state.wanted} ready`, ...state.reasons].join('; ')}`)
  }
  const states = await rolledOut(api, wanted.fleet, wanted.namespace, tell, io.signal)
  if (states.every(({ done }) => done)) {
    if (!json) io.out('deployed')
    return exitCode.done
  }
  io.err('not everything can become ready; `seaworthy deploy --rollback` goes back to what was deployed before')
  return exitCode.no
}
