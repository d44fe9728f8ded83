import type { ProxyTask } from './contenders.ts'

/** `@fastify/http-proxy` as its documentation sets it up, for the benchmark. Not a dependency: install it to have it measured. */
const task = JSON.parse(process.env.TASK ?? '{}') as ProxyTask
const port = Number(process.env.PORT)
const load = async (name: string): Promise<unknown> => ((await import(name)) as { default: unknown }).default
const fastify = (await load('fastify')) as (options: object) => {
  register(plugin: unknown, options: object): void
  listen(options: object): Promise<string>
}
const httpProxy = await load('@fastify/http-proxy')
const server = fastify({
  logger: false,
  ...(task.tls && { https: { cert: await read(task.tls.certFile), key: await read(task.tls.keyFile) } }),
})
const upstream = `http://127.0.0.1:${task.originPort}`
server.register(httpProxy, { upstream })
for (let i = 0; i < task.routes; i++) server.register(httpProxy, { upstream, prefix: `/service-${i}` })
await server.listen({ port, host: '127.0.0.1' })

async function read(path: string): Promise<Buffer> {
  return (await import('node:fs')).readFileSync(path)
}
