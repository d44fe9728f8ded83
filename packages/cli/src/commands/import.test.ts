import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderWith, runCli } from '../testing/run-cli.ts'

const files = {
  'compose.yaml': 'services: {api: {image: "example/api:1", ports: ["8000:8000"], environment: {STAGE: dev}}}\n',
  'compose.prod.yaml': 'services: {api: {environment: {STAGE: prod}, deploy: {replicas: 3}}}\n',
}

test('Compose files are read in the order in which they are named, the later ones over the earlier ones', () => {
  using folder = folderWith(files)
  const { code, stdout } = runCli(['import', 'compose', 'compose.yaml', 'compose.prod.yaml'], folder.path)
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/^wrote seaworthy\.config\.mts: 1 service, from compose\.yaml, compose\.prod\.yaml\n/),
  ])
  const text = readFileSync(join(folder.path, 'seaworthy.config.mts'), 'utf8')
  expect(text).toContain("STAGE: 'prod'")
  expect(text).toContain('replicas: 3')
})

test('without names the usual ones are found', () => {
  using folder = folderWith(files)
  expect(runCli(['import', 'compose', '--print'], folder.path).stdout).toContain("STAGE: 'dev'")
})

test('what there is not is said', () => {
  using folder = folderWith({})
  expect(runCli(['import', 'compose'], folder.path)).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('SW1045'),
  })
  expect(runCli(['import', 'compose', 'gone.yaml'], folder.path)).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('gone.yaml is not there'),
  })
  expect(runCli(['import'], folder.path)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('seaworthy import compose'),
  })
  expect(runCli(['import', 'nomad'], folder.path)).toMatchObject({ code: 2 })
})

const manifests = {
  'k8s/app.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  replicas: 2
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: api, image: "example/api:1", ports: [{containerPort: 8080}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: api}
spec: {selector: {app: api}, ports: [{port: 80, targetPort: 8080}], type: LoadBalancer}
`,
}

test('manifests of a folder become a config where the command was given', () => {
  using folder = folderWith(manifests)
  const { code, stdout } = runCli(['import', 'kubernetes', 'k8s'], folder.path)
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/^wrote seaworthy\.config\.mts: 1 service, from k8s\/app\.yaml\n/),
  ])
  expect(readFileSync(join(folder.path, 'seaworthy.config.mts'), 'utf8')).toContain(
    "environment('production', { engine: 'kubernetes' })",
  )
})

test('a folder without manifests is said to be one', () => {
  using folder = folderWith({ 'a.txt': '' })
  expect(runCli(['import', 'kubernetes'], folder.path)).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('SW1045'),
  })
})

test('--plan says how what runs moves to a cluster, and writes nothing', () => {
  using folder = folderWith({
    'compose.yaml':
      'services:\n  api: {image: "example/api:1", ports: ["8000:8000"], environment: {DATABASE_URL: "postgres://a:b@db/app"}}\n  db: {image: "postgres:16", volumes: ["pg:/var/lib/postgresql/data"]}\nvolumes: {pg: }\n',
  })
  const { code, stdout } = runCli(['import', 'compose', '--plan'], folder.path)
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /\nprepare\n[\s\S]*\nrehearse\n[\s\S]*pg_dump[\s\S]*\ncut over\n[\s\S]*users wait[\s\S]*\ngo back\n/,
  )
  const plan = JSON.parse(runCli(['import', 'compose', '--plan', '--json'], folder.path).stdout)
  expect(plan).toMatchObject({ namespace: expect.any(String), waves: [['db'], ['api']], data: [{ part: 'db' }] })
  expect(existsSync(join(folder.path, 'seaworthy.config.mts'))).toBe(false)
})
