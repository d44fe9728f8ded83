import { readFileSync } from 'node:fs'
import type { MachineEngine } from '../machine/engine/machine-engine.ts'
import type { ApiRoute } from './api-route.ts'
import { controllerRoutes } from './controller-routes.ts'
import { engineRoutes } from './engine-routes.ts'
import { openApi } from './open-api.ts'

/** The version of this package: what the API calls its own. */
export function engineVersion(): string {
  const about = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(about) as { readonly version: string }).version
}

/** The OpenAPI document of a controller without extensions, as it is published in `docs/openapi.json`. */
export function apiDocument(): Readonly<Record<string, unknown>> {
  // The rows are only described here, never run: no engine is asked for anything.
  const nobody = {} as MachineEngine
  const routes: readonly ApiRoute[] = [
    ...engineRoutes(nobody),
    ...controllerRoutes({}, { owner: undefined, give: () => {} }),
  ]
  return openApi(routes, engineVersion())
}
