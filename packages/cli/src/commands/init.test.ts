// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how Compose writes variables
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Io } from '../io.ts'
import { folderWith, runCli } from '../testing/run-cli.ts'
import { command } from './init.ts'

const six = {
  'compose.yaml': `services:
  web:
    build: ./web
    ports: ["3000:3000"]
    environment: {API_URL: "http://api:4000"}
    depends_on: [api]
  api:
    build: ./api
    expose: ["4000"]
    environment:
      DATABASE_URL: postgres://shop:shop@db:5432/shop
      REDIS_URL: redis://cache:6379
      STRIPE_KEY: \${STRIPE_KEY}
    depends_on:
      db: {condition: service_healthy}
      cache: {condition: service_started}
      migrate: {condition: service_completed_successfully}
  worker:
    build: ./api
    command: node worker.js
    environment: {REDIS_URL: "redis://cache:6379"}
    volumes: ["./settings.ini:/etc/settings.ini:ro"]
  migrate:
    build: ./api
    command: node migrate.js
    environment: {DATABASE_URL: "postgres://shop:shop@db:5432/shop"}
  db:
    image: postgres:16
    environment: {POSTGRES_DB: shop, POSTGRES_PASSWORD: shop}
    volumes: ["data:/var/lib/postgresql/data"]
  cache:
    image: redis:7
volumes: {data: }
`,
  '.env': 'STRIPE_KEY=sk_live_0123456789abcdef0123\n',
  'web/package.json': '{"scripts": {"start": "node server.js"}}',
  'api/package.json': '{"scripts": {"start": "node server.js"}}',
  'api/Dockerfile': 'FROM node:24\nUSER node\nEXPOSE 4000\nCMD ["node", "server.js"]\n',
}

test('a folder with a Compose file of six services becomes a config that check accepts', () => {
  using folder = folderWith(six)
  const init = runCli(['init'], folder.path)
  expect([init.code, init.stderr]).toEqual([0, ''])
  expect(init.stdout).toMatch(
    /^wrote seaworthy\.config\.mts: 3 services, 1 job, 1 postgres, 1 redis, 1 secret, from compose\.yaml\n/,
  )
  expect(init.stdout).toMatch(
    /not carried over \(1\)\n {2}compose\.yaml:22\n {4}the file \.\/settings\.ini is not mounted/,
  )
  expect(runCli(['check'], folder.path)).toMatchObject({ code: 0 })
  const text = readFileSync(join(folder.path, 'seaworthy.config.mts'), 'utf8')
  expect(text).not.toContain('sk_live')
  expect(text).toContain("needs: [{ on: db, as: 'DATABASE' }")
})

test('a second time nothing changes, and a config that differs is not touched unless it is asked for', () => {
  using folder = folderWith(six)
  const file = join(folder.path, 'seaworthy.config.mts')
  runCli(['init'], folder.path)
  const before = readFileSync(file, 'utf8')
  expect(runCli(['init'], folder.path)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^nothing changed: seaworthy\.config\.mts/),
  })

  writeFileSync(file, `// mine\n${before}`)
  const refused = runCli(['init'], folder.path)
  expect(refused).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/^error SW1046 .*\n {2}at seaworthy\.config\.mts:1\n/),
  })
  expect(readFileSync(file, 'utf8')).toBe(`// mine\n${before}`)

  expect(runCli(['init', '--force'], folder.path)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^wrote over/),
  })
  expect(readFileSync(file, 'utf8')).toBe(before)
  expect(readdirSync(folder.path).filter((name) => name.endsWith('.new'))).toEqual([])
})

test('a person is asked before their config is written over, and a no is a no', async () => {
  using folder = folderWith({ ...six, 'seaworthy.config.mts': 'mine' })
  const asked: string[] = []
  const answer = (yes: boolean): Io => ({
    out: () => undefined,
    err: () => undefined,
    cwd: folder.path,
    env: {},
    interactive: true,
    color: false,
    columns: 0,
    signal: new AbortController().signal,
    confirm: async (question) => {
      asked.push(question)
      return yes
    },
  })
  const file = join(folder.path, 'seaworthy.config.mts')
  expect(await command.run({ positionals: [], values: {} }, answer(false))).toBe(1)
  expect(readFileSync(file, 'utf8')).toBe('mine')
  expect(await command.run({ positionals: [], values: {} }, answer(true))).toBe(0)
  expect(readFileSync(file, 'utf8')).toContain("from 'seaworthy'")
  expect(asked[0]).toMatch(/seaworthy\.config\.mts is there already .* line 1/)
})

test('another catalog in the folder is left in peace', () => {
  using folder = folderWith({ ...six, 'seaworthy.yaml': 'name: mine\n' })
  expect(runCli(['init'], folder.path)).toMatchObject({ code: 3, stderr: expect.stringContaining('SW1046') })
  expect(existsSync(join(folder.path, 'seaworthy.config.mts'))).toBe(false)
})

test('--print writes nothing and prints a config alone on standard output', () => {
  using folder = folderWith(six)
  const { stdout, stderr } = runCli(['init', '--print'], folder.path)
  expect(stdout).toMatch(/^import \{ .* \} from 'seaworthy'\n[\s\S]*\n\}\)\n$/)
  expect(stderr).toContain('not carried over (1)')
  expect(existsSync(join(folder.path, 'seaworthy.config.mts'))).toBe(false)
})

test('--json says what was written and every note as data', () => {
  using folder = folderWith(six)
  const answer = JSON.parse(runCli(['init', '--json'], folder.path).stdout)
  expect(answer).toMatchObject({
    file: 'seaworthy.config.mts',
    result: 'written',
    parts: { service: 3, job: 1, postgres: 1, redis: 1, secret: 1 },
    sources: ['compose.yaml'],
    problems: [],
  })
  expect(answer.notes).toContainEqual(
    expect.objectContaining({ kind: 'lost', file: 'compose.yaml', line: 22, path: 'services.worker.volumes' }),
  )
})

test('a folder with nothing in it gets a starter that check accepts', () => {
  using folder = folderWith({ 'README.md': '# nothing yet\n' })
  expect(runCli(['init'], folder.path)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('a starter, because nothing was found here that runs'),
  })
  expect(runCli(['check'], folder.path).code).toBe(0)
})

test('packages, a Procfile and Dockerfiles are read where there is no Compose file', () => {
  using packages = folderWith({
    'package.json': '{"workspaces": ["apps/*"]}',
    'apps/api/package.json': '{"name": "api", "scripts": {"start": "node server.js"}}',
    'apps/api/.env': 'PORT=4000\nDATABASE_URL=postgres://localhost/app\n',
  })
  expect(runCli(['init'], packages.path).stdout).toContain('1 service')
  expect(readFileSync(join(packages.path, 'seaworthy.config.mts'), 'utf8')).toContain(
    "needs: [{ on: db, as: 'DATABASE' }]",
  )
  using procfile = folderWith({ Procfile: 'web: node server.js\nworker: node worker.js\n' })
  expect(runCli(['init'], procfile.path).stdout).toContain('2 services')
  using dockerfile = folderWith({ Dockerfile: 'FROM node:24\nUSER node\nEXPOSE 8080\nCMD ["node", "main.js"]\n' })
  expect(runCli(['init'], dockerfile.path).stdout).toContain('1 service')
})

test('a Compose file that cannot be read is a problem with its line, and nothing is written', () => {
  using folder = folderWith({
    'compose.yaml': 'services:\n  a:\n    image: "${not valid}"\n  b: {extends: {service: gone}}\n',
  })
  const { code, stderr } = runCli(['init'], folder.path)
  expect(code).toBe(3)
  expect(stderr).toMatch(/^error SW1044 .*\n {2}at compose\.yaml:3\n {2}3 \| {5}image/)
  expect(stderr).toContain('SW1043')
  expect(existsSync(join(folder.path, 'seaworthy.config.mts'))).toBe(false)
})
