import { environmentsOf, type Fleet, type FleetDocument, Problem, resolve } from '@seaworthy/model'
import {
  composeFile,
  controllerAccess,
  type FileTree,
  fleetCharts,
  kustomizeTree,
  type NotExpressed,
  type RenderOptions,
  renderKubernetes,
  systemdUnit,
  toYamlDocuments,
} from '@seaworthy/render'

/** Files to write, and what the target could not say. */
export interface Rendered {
  readonly tree: FileTree
  readonly notExpressed: readonly NotExpressed[]
}

/** What rendering is asked for. */
export interface RenderRequest {
  readonly document: FleetDocument
  /** One environment, or all those that the target can take. */
  readonly environment: string | undefined
  readonly options: RenderOptions
  /** Absolute folder of the catalog, for units that start it. */
  readonly folder: string
  readonly node: string
  readonly seaworthy: string
}

/** What can be rendered, by the word that asks for it. */
export const targets: Readonly<
  Record<string, { readonly summary: string; readonly render: (request: RenderRequest) => Rendered }>
> = {
  manifests: { summary: 'Kubernetes objects, one file per environment', render: manifests },
  access: { summary: 'the account that runs a fleet on Kubernetes, and the least that it may do', render: access },
  kustomize: { summary: 'a Kustomize base and an overlay per environment', render: kustomize },
  helm: { summary: 'a Helm chart per service and one around them, with values per environment', render: helm },
  compose: { summary: 'a Compose file for development', render: compose },
  systemd: { summary: 'a systemd unit that keeps the fleet running on this machine', render: systemd },
}

/** The environments meant that run on Kubernetes. Throws SW9010 when there is none. */
function clusters(request: RenderRequest): Fleet[] {
  const names = request.environment ? [request.environment] : environmentsOf(request.document)
  const fleets = names
    .map((name) => resolve(request.document, name))
    .filter((fleet) => request.environment !== undefined || fleet.environment.engine === 'kubernetes')
  if (fleets.length > 0) return fleets
  throw new Problem({
    code: 'SW9010',
    message: `no environment of ${request.document.name} runs on Kubernetes`,
    hint: "Name one with --env, or declare it: environment('production', { engine: 'kubernetes' }).",
  })
}

function manifests(request: RenderRequest): Rendered {
  const files = clusters(request).map((fleet): [string, string] => [
    `${fleet.environment.name}.yaml`,
    toYamlDocuments(renderKubernetes(fleet, request.options)),
  ])
  return { tree: new Map(files), notExpressed: [] }
}

function access(request: RenderRequest): Rendered {
  const files = clusters(request).map((fleet): [string, string] => [
    `${fleet.environment.name}.yaml`,
    toYamlDocuments(controllerAccess(fleet)),
  ])
  return { tree: new Map(files), notExpressed: [] }
}

function kustomize(request: RenderRequest): Rendered {
  const environments = clusters(request).map((fleet) => ({
    name: fleet.environment.name,
    namespace: fleet.environment.namespace,
    objects: renderKubernetes(fleet, request.options),
  }))
  return { tree: kustomizeTree(environments), notExpressed: [] }
}

function helm(request: RenderRequest): Rendered {
  return {
    tree: fleetCharts(clusters(request).map((fleet) => ({ fleet, options: request.options }))),
    notExpressed: [],
  }
}

function oneFleet(request: RenderRequest): Fleet {
  return resolve(request.document, request.environment ?? environmentsOf(request.document)[0] ?? 'development')
}

function compose(request: RenderRequest): Rendered {
  return composeFile(oneFleet(request), request.options)
}

function systemd(request: RenderRequest): Rendered {
  const fleet = oneFleet(request)
  const unit = systemdUnit({
    fleet: fleet.name,
    environment: fleet.environment.name,
    folder: request.folder,
    node: request.node,
    seaworthy: request.seaworthy,
  })
  return { tree: new Map([[`seaworthy-${fleet.name}.service`, unit]]), notExpressed: [] }
}
