import { readFileSync } from 'node:fs'
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
    expect.stringMatching(/^wrote seaworthy\.config\.mts: 1 service, from app\.yaml\n/),
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
