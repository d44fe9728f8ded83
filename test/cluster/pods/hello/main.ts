/**
 * The service of the rig's own tests. `GET /` says which pod answered, `GET /burn?ms=100` keeps the processor busy that
 * long, `GET /health` is 200 until SIGTERM. After SIGTERM it goes on serving for QUIET_MS (3000), since endpoints are taken
 * out of the nodes' tables a moment after the pod was told, and then closes.
 */
import { createServer } from 'node:http'
import { hostname } from 'node:os'

const version = process.env.VERSION ?? '1'
let leaving = false

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://hello')
  const answer = (status: number, body: object): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
  if (url.pathname === '/health') return answer(leaving ? 503 : 200, { leaving })
  if (url.pathname === '/burn') {
    const end = performance.now() + Math.min(Number(url.searchParams.get('ms') ?? 100), 5000)
    while (performance.now() < end);
  }
  answer(200, { pod: hostname(), node: process.env.NODE_NAME, version })
})

process.once('SIGTERM', () => {
  leaving = true
  setTimeout(() => server.close(() => process.exit(0)), Number(process.env.QUIET_MS ?? 3000))
})
server.listen(Number(process.env.PORT ?? 8080), () => console.log('listening'))
