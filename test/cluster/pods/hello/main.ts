/**
 * The service of the rig's own tests and of the comparison of releases. `GET /` says which pod answered, `GET /burn?ms=100`
 * keeps the processor busy that long, `GET /health` is 200 until SIGTERM, `GET /metrics` is Prometheus' text format.
 *
 * A bad version is made by the environment: ERROR_SHARE (0..1 of requests are answered 500), SLOW_SHARE and SLOW_MS (that
 * share takes that many ms longer), CRASH_EVERY (each n-th request ends the process).
 *
 * After SIGTERM it goes on serving for QUIET_MS (3000), since endpoints are taken out of the nodes' tables a moment after
 * the pod was told, and then closes.
 */
import { createServer, type ServerResponse } from 'node:http'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

const setting = (name: string, otherwise = 0): number => Number(process.env[name] ?? otherwise)
const version = process.env.VERSION ?? '1'
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]
const buckets = bounds.map(() => 0)
const codes = new Map([
  [200, 0],
  [500, 0],
])
let served = 0
let seconds = 0
let leaving = false

function metrics(): string {
  const total = [...codes.values()].reduce((sum, count) => sum + count, 0)
  return [
    '# TYPE http_requests_total counter',
    ...[...codes].map(([code, count]) => `http_requests_total{code="${code}"} ${count}`),
    '# TYPE http_request_duration_seconds histogram',
    ...bounds.map((bound, index) => `http_request_duration_seconds_bucket{le="${bound}"} ${buckets[index]}`),
    `http_request_duration_seconds_bucket{le="+Inf"} ${total}`,
    `http_request_duration_seconds_sum ${seconds}`,
    `http_request_duration_seconds_count ${total}`,
    '',
  ].join('\n')
}

async function work(url: URL, response: ServerResponse): Promise<void> {
  const start = performance.now()
  served += 1
  if (setting('CRASH_EVERY') > 0 && served % setting('CRASH_EVERY') === 0) process.abort()
  if (Math.random() < setting('SLOW_SHARE')) await sleep(setting('SLOW_MS'))
  if (url.pathname === '/burn') {
    const end = performance.now() + Math.min(Number(url.searchParams.get('ms') ?? 100), 5000)
    while (performance.now() < end);
  }
  const code = Math.random() < setting('ERROR_SHARE') ? 500 : 200
  const elapsed = (performance.now() - start) / 1000
  seconds += elapsed
  codes.set(code, (codes.get(code) ?? 0) + 1)
  for (const [index, bound] of bounds.entries()) if (elapsed <= bound) buckets[index] = (buckets[index] ?? 0) + 1
  answer(response, code, { pod: hostname(), node: process.env.NODE_NAME, version })
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://hello')
  if (url.pathname === '/health') answer(response, leaving ? 503 : 200, { leaving })
  else if (url.pathname === '/metrics')
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(metrics())
  else void work(url, response)
})

process.once('SIGTERM', () => {
  leaving = true
  setTimeout(() => server.close(() => process.exit(0)), setting('QUIET_MS', 3000))
})
server.listen(setting('PORT', 8080), () => console.log('listening'))
