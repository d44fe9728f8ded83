import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../canonical-json.ts'
import { check } from '../../check.ts'
import type { Draft } from '../draft.ts'
import { fleetOfDraft } from '../fleet-of-draft.ts'
import { printConfig } from '../print/print-config.ts'
import { memoryFiles, type SourceFiles } from '../source-files.ts'
import { evaluateConfig } from '../testing/evaluate-config.ts'
import { readKubernetes } from './read-kubernetes.ts'

const root = fileURLToPath(new URL('../fixtures/kubernetes-shop/', import.meta.url))
const shop: SourceFiles = {
  read: (path) =>
    statSync(join(root, path), { throwIfNoEntry: false })?.isFile()
      ? readFileSync(join(root, path), 'utf8')
      : undefined,
  list: (path) =>
    readdirSync(join(root, path), { withFileTypes: true })
      .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
      .sort(),
}

function draftOf(files: SourceFiles): Draft {
  const { draft, problems } = readKubernetes(files, '.', 'fleet')
  expect(problems).toEqual([])
  if (!draft) throw new Error('nothing was read')
  return draft
}

describe('the manifests of a shop', () => {
  const draft = draftOf(shop)
  const text = printConfig(draft)

  it('become the config and the notes that stand beside them', async () => {
    await expect(text).toMatchFileSnapshot(join(root, 'seaworthy.config.mts'))
    await expect(
      `${draft.notes.map((note) => `${note.kind.padEnd(8)} ${note.file}:${note.line} ${note.path}: ${note.what}${note.instead && `. ${note.instead}`}`).join('\n')}\n`,
    ).toMatchFileSnapshot(join(root, 'notes.txt'))
  })

  it('are accepted in both environments, and mean what was printed', () => {
    const fleet = evaluateConfig(text)
    expect(check(fleet, { today: '2026-11-20' })).toMatchObject({
      refusals: [],
      environments: ['development', 'production'],
    })
    expect(canonicalJson(fleet)).toBe(canonicalJson(fleetOfDraft(draft)))
  })

  it('show no value of a Secret', () => {
    for (const secret of ['very-secret-password', 'kube-jwt-secret-value'])
      expect(text + JSON.stringify(draft.notes)).not.toContain(secret)
  })
})

/** A Deployment whose pod, container or own spec carries what is given. */
function deployment(given: { spec?: object; pod?: object; container?: object; kind?: string }): SourceFiles {
  const { spec = {}, pod = {}, container = {}, kind = 'Deployment' } = given
  const manifest = {
    apiVersion: kind === 'Job' || kind === 'CronJob' ? 'batch/v1' : 'apps/v1',
    kind,
    metadata: { name: 'app' },
    spec: {
      ...spec,
      template: {
        metadata: { labels: { app: 'app' } },
        spec: {
          ...pod,
          containers: [{ name: 'app', image: 'example/app:1', ports: [{ containerPort: 8080 }], ...container }],
        },
      },
    },
  }
  return memoryFiles({ 'app.yaml': JSON.stringify(manifest) })
}

function isAccountedFor(before: Draft, after: Draft, key: string): boolean {
  const parts = ({ parts }: Draft): string => JSON.stringify(parts.map(({ at: _at, ...part }) => part))
  return parts(before) !== parts(after) || after.notes.some((note) => note.path.split('.').includes(key))
}

describe('no field of the API is dropped silently', () => {
  const base = draftOf(deployment({}))

  it.each(
    Object.entries({
      minReadySeconds: 5,
      paused: true,
      progressDeadlineSeconds: 60,
      replicas: 3,
      revisionHistoryLimit: 2,
      selector: { matchLabels: { app: 'app' } },
      strategy: { type: 'Recreate' },
      serviceName: 'a',
      podManagementPolicy: 'Parallel',
      updateStrategy: { type: 'OnDelete' },
      volumeClaimTemplates: [{}],
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete' },
      ordinals: { start: 1 },
    }).filter(([key]) => key !== 'volumeClaimTemplates'),
  )('of a workload: %s', (key, value) => {
    expect(isAccountedFor(base, draftOf(deployment({ spec: { [key]: value } })), key)).toBe(true)
  })

  it.each(
    Object.entries({
      activeDeadlineSeconds: 5,
      affinity: { podAffinity: {} },
      automountServiceAccountToken: true,
      dnsConfig: {},
      dnsPolicy: 'None',
      enableServiceLinks: false,
      ephemeralContainers: [],
      hostAliases: [{ ip: '1.2.3.4' }],
      hostIPC: true,
      hostNetwork: true,
      hostPID: true,
      hostUsers: false,
      hostname: 'a',
      imagePullSecrets: [{ name: 'a' }],
      initContainers: [{ name: 'a', image: 'b' }],
      nodeName: 'n',
      nodeSelector: { disk: 'ssd' },
      os: { name: 'linux' },
      overhead: {},
      preemptionPolicy: 'Never',
      priority: 1,
      priorityClassName: 'high',
      readinessGates: [],
      resourceClaims: [],
      restartPolicy: 'Always',
      runtimeClassName: 'gvisor',
      schedulerName: 's',
      securityContext: { fsGroup: 1 },
      serviceAccount: 'a',
      serviceAccountName: 'a',
      setHostnameAsFQDN: true,
      shareProcessNamespace: true,
      subdomain: 'a',
      terminationGracePeriodSeconds: 90,
      tolerations: [{}],
      topologySpreadConstraints: [{ topologyKey: 'rack' }],
    }),
  )('of a pod: %s', (key, value) => {
    expect(isAccountedFor(base, draftOf(deployment({ pod: { [key]: value } })), key)).toBe(true)
  })

  it.each(
    Object.entries({
      args: ['-a'],
      command: ['a'],
      env: [{ name: 'A', value: '1' }],
      envFrom: [{ configMapRef: { name: 'gone' } }],
      image: 'example/other:2',
      imagePullPolicy: 'Always',
      lifecycle: { postStart: { exec: { command: ['a'] } } },
      livenessProbe: { httpGet: { path: '/', port: 8080 } },
      ports: [{ containerPort: 1234 }],
      readinessProbe: { tcpSocket: { port: 8080 } },
      resizePolicy: [],
      resources: { limits: { memory: '1Gi' } },
      restartPolicy: 'Always',
      securityContext: { privileged: true },
      startupProbe: { exec: { command: ['a'] } },
      stdin: true,
      stdinOnce: true,
      terminationMessagePath: '/a',
      terminationMessagePolicy: 'File',
      tty: true,
      volumeDevices: [],
      volumeMounts: [{ name: 'a', mountPath: '/a' }],
      workingDir: '/a',
    }),
  )('of a container: %s', (key, value) => {
    expect(isAccountedFor(base, draftOf(deployment({ container: { [key]: value } })), key)).toBe(true)
  })

  it.each(
    Object.entries({
      backoffLimit: 3,
      activeDeadlineSeconds: 60,
      completions: 2,
      parallelism: 2,
      completionMode: 'Indexed',
      suspend: true,
      ttlSecondsAfterFinished: 5,
      podFailurePolicy: {},
    }),
  )('of a job: %s', (key, value) => {
    const job = (spec: object): Draft => draftOf(deployment({ kind: 'Job', spec }))
    expect(isAccountedFor(job({}), job({ [key]: value }), key)).toBe(true)
  })

  it('a field that does not exist is reported as such', () => {
    expect(draftOf(deployment({ container: { imagee: 'x' } })).notes).toContainEqual(
      expect.objectContaining({ kind: 'lost', path: 'Deployment/app.app.imagee' }),
    )
  })

  it('an object of a kind that is not known is reported too', () => {
    const files = {
      'a.yaml':
        'apiVersion: x/v1\nkind: Widget\nmetadata: {name: w}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{image: a}]}\n',
    }
    expect(draftOf(memoryFiles(files)).notes).toContainEqual(
      expect.objectContaining({ kind: 'lost', path: 'Widget/w' }),
    )
  })
})

describe('manifests', () => {
  it('that are no YAML are a problem with file and line', () => {
    expect(readKubernetes(memoryFiles({ 'a.yaml': 'kind: [1\n' }), '.', 'x').problems).toEqual([
      expect.objectContaining({ code: 'SW1041', where: { file: 'a.yaml', line: expect.any(Number) } }),
    ])
  })

  it('that are Helm templates are said to be', () => {
    const files = {
      'a.yaml': 'kind: {{ .Values.kind }}\n',
      'b.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{image: a}]}\n',
    }
    expect(draftOf(memoryFiles(files)).notes).toContainEqual(expect.objectContaining({ kind: 'lost', file: 'a.yaml' }))
  })

  it('of none become nothing', () => {
    expect(readKubernetes(memoryFiles({ 'a.txt': '' }), '.', 'x')).toEqual({ problems: [] })
  })
})
