import type { ApiRoute, Schema } from './api-route.ts'
import { componentSchemas } from './component-schemas.ts'

/** The OpenAPI 3.1 document of these operations. */
export function openApi(routes: readonly ApiRoute[], version: string): Readonly<Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const operations = paths[route.path] ?? {}
    paths[route.path] = operations
    operations[route.method.toLowerCase()] = operation(route)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Seaworthy controller',
      version,
      summary: 'Served over the unix socket `controller.sock` of a state directory.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: { schemas: componentSchemas },
  }
}

function operation(route: ApiRoute): Schema {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
  const parameters = [
    ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...Object.entries(route.query ?? {}).map(([name, { schema, help }]) => ({
      name,
      in: 'query',
      schema,
      description: help,
    })),
  ]
  const media = route.handle.kind === 'events' ? 'text/event-stream' : 'application/json'
  return {
    operationId: route.operation,
    summary: route.summary,
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && { requestBody: { content: { 'application/json': { schema: route.body } } } }),
    responses: {
      200: {
        description: route.handle.kind === 'events' ? 'One JSON value per event' : 'Done',
        content: { [media]: { schema: route.answer } },
      },
      default: {
        description: 'A problem',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}
