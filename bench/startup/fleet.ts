import { join, resolve as resolvePath } from 'node:path'
import { type Fleet, fleet, resolve, type ServicePart, service } from '@seaworthy/model'

/** The repository's folder. */
export const repository: string = resolvePath(import.meta.dirname, '../..')

/** The program that all services of the benchmark run. */
export const program: readonly string[] = [process.execPath, join(repository, 'test/fixtures/service.ts')]

/** One service of the benchmark: what it waits for, by name. */
export interface Wanted {
  readonly name: string
  readonly needs: readonly string[]
}

/** 29 services in three tiers: 3 core ones, 8 that need the first core one, 18 that need one of those. */
export function wanted(): readonly Wanted[] {
  const core = ['core-1', 'core-2', 'core-3'].map((name) => ({ name, needs: [] }))
  const business = Array.from({ length: 8 }, (_, index) => ({ name: `business-${index + 1}`, needs: ['core-1'] }))
  const support = Array.from({ length: 18 }, (_, index) => ({
    name: `support-${index + 1}`,
    needs: [`business-${(index % 8) + 1}`],
  }))
  return [...core, ...business, ...support]
}

/** The same as a fleet; `env` goes to every service. */
export function startupFleet(env: Readonly<Record<string, string>> = {}): Fleet {
  const parts = new Map<string, ServicePart>()
  for (const { name, needs } of wanted()) {
    const on = needs.map((need) => parts.get(need)).filter((part) => part !== undefined)
    const stop = { drain: '300ms', grace: '500ms' } as const
    parts.set(
      name,
      service(name, {
        run: [...program],
        port: 3000,
        health: '/health/ready',
        routes: [`/${name}`],
        needs: on,
        env,
        stop,
      }),
    )
  }
  const resolved = resolve(fleet('startup', { services: [...parts.values()] }), 'development')
  const { development } = resolved.environments
  return { ...resolved, ...(development && { environments: { development: { ...development, gatewayPort: 0 } } }) }
}
