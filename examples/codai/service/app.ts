import { Hono } from 'hono'
import { type Ground, type Kind, Refusal } from './kind.ts'

/** The HTTP face of one service. */
export function createApp(kind: Kind, ground: Ground, version: string): Hono {
  const app = new Hono()
  app.use(async (context, next) => {
    await next()
    context.header('x-service-version', version)
  })
  app.get('/', (context) => context.json({ service: ground.service, version }))
  kind.routes(app, ground)
  app.notFound((context) =>
    context.json({ title: 'No such path', status: 404, detail: context.req.path }, 404, {
      'content-type': 'application/problem+json',
    }),
  )
  app.onError((error, context) => {
    if (error instanceof Refusal) {
      return context.json({ title: error.message, status: error.status }, error.status, {
        'content-type': 'application/problem+json',
      })
    }
    console.error(
      JSON.stringify({ level: 'error', service: ground.service, message: error.message, path: context.req.path }),
    )
    return context.json({ title: 'The request failed', status: 500 }, 500, {
      'content-type': 'application/problem+json',
    })
  })
  return app
}
