import type { ApiRoute } from './api-route.ts'
import type { OwnerWatch } from './owner.ts'

/** The controller's own operations, besides the engine's. */
export function controllerRoutes(
  about: Readonly<Record<string, unknown>>,
  owner: Pick<OwnerWatch, 'owner' | 'give'>,
): readonly ApiRoute[] {
  return [
    {
      method: 'GET',
      path: '/v1/controller',
      operation: 'controller',
      summary: 'Which controller this is, since when, and whose the fleet is',
      answer: { $ref: '#/components/schemas/ControllerState' },
      handle: { kind: 'value', run: async () => ({ ...about, owner: owner.owner ?? null }) },
    },
    {
      method: 'PUT',
      path: '/v1/controller/owner',
      operation: 'giveTo',
      summary: 'Hands the fleet to a process: it is stopped when that one ends; without `pid` to nobody',
      body: { type: 'object', properties: { pid: { type: 'integer' } } },
      answer: { type: 'object' },
      handle: {
        kind: 'value',
        run: async ({ body }) => {
          const { pid } = (body ?? {}) as { readonly pid?: number }
          owner.give(pid)
          return {}
        },
      },
    },
  ]
}
