import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { folderWith, runCli } from '../testing/run-cli.ts'

const server = (answer: string): string =>
  `require('node:http').createServer(async (request, response) => { ${answer} }).listen(process.env.PORT)\n`

test('a Compose project runs without a container after init and up, and its parts find each other', async () => {
  const port = await freePort()
  using folder = folderWith({
    'compose.yaml': `services:
  web:
    build: ./web
    ports: ["${port}:3000"]
    environment: {API_URL: "http://api:4000", GREETING: hello}
    depends_on: {api: {condition: service_healthy}}
  api:
    build: ./api
    expose: ["4000"]
    environment: {API_TOKEN: "\${API_TOKEN}"}
    healthcheck: {test: "curl -f http://localhost:4000/health || exit 1", interval: 1s}
`,
    'web/package.json': '{"scripts": {"start": "node server.js"}}',
    'web/server.js': server(
      "response.end(process.env.GREETING + ' ' + (await (await fetch(process.env.API_URL + '/')).text()))",
    ),
    'api/package.json': '{"scripts": {"start": "node server.js"}}',
    'api/server.js': server("response.end(request.url === '/health' ? 'ok' : 'of ' + process.env.API_TOKEN.length)"),
  })
  const env = { API_TOKEN: '12345' }
  expect(runCli(['init'], folder.path, env)).toMatchObject({ code: 0, stderr: '' })
  try {
    const up = runCli(['up', '--detach'], folder.path, env)
    expect([up.code, up.stdout + up.stderr]).toEqual([0, expect.stringContaining('everything is ready')])
    const answer = await fetch(`http://127.0.0.1:${port}/`)
    expect([answer.status, await answer.text()]).toEqual([200, 'hello of 5'])
  } finally {
    expect(runCli(['down'], folder.path, env).code).toBe(0)
  }
}, 120_000)

function freePort(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const address = probe.address()
    probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
  })
  return promise
}
