import { join } from 'node:path'
import { type Fleet, type FleetDocument, loadFleet, resolve } from '@seaworthy/model'
import { repositoryRoot } from '../rig/rig-name.ts'

/** An example catalog, in the environments in which it is rendered. */
export interface Example {
  readonly name: string
  readonly fleets: readonly Fleet[]
}

const rendered: Readonly<Record<string, readonly string[]>> = {
  codai: ['staging', 'production'],
  'project-ai': ['development', 'staging', 'production'],
  'ai-system': ['production'],
}

/** The example catalogs; environments that share a namespace's name, on clusters of their own, get one each here. */
export async function examples(): Promise<readonly Example[]> {
  return Promise.all(
    Object.entries(rendered).map(async ([name, environments]) => {
      const { document, problems } = await loadFleet(join(repositoryRoot, 'examples', name), { cwd: repositoryRoot })
      if (problems.length > 0) throw new Error(`${name}: ${problems.map(({ message }) => message).join('; ')}`)
      return { name, fleets: environments.map((environment) => apart(resolve(document as FleetDocument, environment))) }
    }),
  )
}

function apart(fleet: Fleet): Fleet {
  const { name, namespace } = fleet.environment
  const own = namespace.endsWith(name) ? namespace : `${namespace}-${name}`
  return { ...fleet, environment: { ...fleet.environment, namespace: own } }
}
