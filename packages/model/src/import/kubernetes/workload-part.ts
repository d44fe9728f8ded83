import { readCron } from '../../units/cron.ts'
import { printDuration } from '../../units/duration.ts'
import { writeCommand } from '../command-words.ts'
import type { DraftPart, DraftRef } from '../draft.ts'
import type { Notes } from '../note.ts'
import { isSecret } from '../secrecy.ts'
import type { SecretBook } from '../secret-book.ts'
import { openSection, type Section } from '../section.ts'
import { isVariableName } from '../variable-name.ts'
import type { Wiring } from '../wiring/wire.ts'
import { textOf } from '../yaml/tree.ts'
import { readPlace } from './place.ts'
import { readProbes } from './probes.ts'
import { quantityAsCpu, quantityAsSize } from './quantity.ts'
import type { Claim } from './storage.ts'
import { readRollout } from './strategy.ts'
import { apiName, uncarriedContainerKeys, uncarriedPodKeys, uncarriedWorkloadKeys } from './uncarried.ts'
import { readContainerRun, type Workload } from './workload.ts'

/** What a workload is written with besides itself. */
export interface WorkloadContext {
  readonly secrets: SecretBook
  /** The first variable under which a key of a Secret was met. */
  readonly variableOf: (secret: string, key: string, variable: string) => string
  readonly wiring: Wiring
  readonly routes: readonly unknown[]
  readonly protect: Readonly<Record<string, unknown>>
  readonly scale: Readonly<Record<string, unknown>> | undefined
  readonly minAvailable: number | string | undefined
  readonly claims: ReadonlyMap<string, Claim>
  readonly sharedClaim: (claim: string) => DraftRef | undefined
  readonly machine: (name: string) => DraftRef
}

/** A workload as a `service(...)` or `job(...)`. */
export function workloadPart(workload: Workload, context: WorkloadContext, notes: Notes): DraftPart {
  const { container, pod, ports, ref } = workload
  const isJob = ref.kind === 'job'
  const spec: Record<string, unknown> = { image: workload.image }
  const run = readContainerRun(workload, notes)
  if (run !== undefined) spec.run = run
  readSecurity(pod, container, spec, notes)
  if (!isJob && ports.port !== undefined) {
    spec.port = ports.port
    if (ports.protocol !== 'http') spec.protocol = ports.protocol
    if (Object.keys(workload.extraPorts).length > 0) spec.ports = workload.extraPorts
  }
  const health = readProbes(container, ports.port, workload.namedPorts, notes)
  if (health !== undefined && !isJob) spec.health = health
  if (context.routes.length > 0 && ports.port !== undefined && ports.protocol !== 'tcp') spec.routes = context.routes
  if (Object.keys(context.protect).length > 0) spec.protect = context.protect
  const mounts = readMounts(workload, context, notes)
  const needs = [...context.wiring.needs, ...mounts.needs]
  if (needs.length > 0) spec.needs = needs.map((need) => (Object.keys(need).length === 1 ? need.on : need))
  const env = { ...writeEnv(workload, context, notes), ...mounts.files }
  if (Object.keys(env).length > 0) spec.env = env
  readResources(container, spec, notes)
  if (isJob) readJob(workload, spec, notes)
  else readReplicas(workload, context, spec, notes)
  const place = readPlace(pod, context.machine, notes)
  if (place !== undefined) spec.place = Array.isArray(place) ? place : place
  const stop = readStop(pod, container, notes)
  if (stop !== undefined && !isJob) spec.stop = stop
  if (Object.keys(mounts.storage).length > 0) spec.storage = mounts.storage
  if (workload.services.some((service) => service.section.section('spec')?.peek('sessionAffinity') === 'ClientIP'))
    spec.affinity = 'ip'
  container.close(notes, uncarriedContainerKeys, apiName)
  pod.close(notes, uncarriedPodKeys, apiName)
  workload.spec.close(notes, uncarriedWorkloadKeys, apiName)
  return { kind: isJob ? 'job' : 'service', name: ref.name, spec, remarks: {}, at: workload.at }
}

function readReplicas(workload: Workload, context: WorkloadContext, spec: Record<string, unknown>, notes: Notes): void {
  const replicas = Number(workload.spec.text('replicas') ?? 1)
  if (context.scale) spec.scale = context.scale
  else if (replicas !== 1) spec.replicas = replicas
  if (context.minAvailable !== undefined) spec.minAvailable = context.minAvailable
  if (workload.object.kind === 'DaemonSet')
    notes.changed(
      workload.at,
      workload.object.section.path,
      'one replica on every node is not a number that the catalog has',
      'Set `replicas` to the number of machines and `place: { antiAffinity: "required" }`.',
    )
  const rollout = readRollout(workload, notes)
  if (rollout !== undefined) spec.rollout = rollout
}

function readJob(workload: Workload, spec: Record<string, unknown>, notes: Notes): void {
  const backoff = workload.spec.text('backoffLimit')
  if (backoff !== undefined && backoff !== '0') spec.attempts = Math.min(20, Number(backoff) + 1)
  const deadline = workload.spec.text('activeDeadlineSeconds')
  if (deadline !== undefined && deadline !== '600') spec.timeout = printDuration(Number(deadline) * 1000)
  if (workload.object.kind !== 'CronJob') return
  const cron = workload.object.section.section('spec')
  const schedule = cron?.text('schedule') ?? ''
  const read = readCron(schedule)
  const plain = read.ok ? schedule : read.nearest
  if (plain === undefined)
    notes.lost(
      workload.at,
      `${workload.object.section.path}.spec.schedule`,
      `the schedule ${schedule} is not understood`,
      'Write `schedule`.',
    )
  else spec.schedule = plain
  const concurrency = (cron?.text('concurrencyPolicy') ?? 'Allow').toLowerCase()
  if (concurrency !== 'forbid') spec.concurrency = concurrency
  cron?.take('jobTemplate')
  cron?.close(notes, uncarriedWorkloadKeys, apiName)
}

function readSecurity(pod: Section, container: Section, spec: Record<string, unknown>, notes: Notes): void {
  for (const section of [pod.section('securityContext'), container.section('securityContext')]) {
    if (!section) continue
    const user = section.text('runAsUser')
    if (user === '0')
      notes.lost(
        section.placeOf('runAsUser'),
        `${section.path}.runAsUser`,
        'it ran as root; services run unprivileged',
        "If it must: `security: [{ allow: 'root', reason: '...', until: '...' }]`.",
      )
    else if (user !== undefined) spec.user = user
    if (section.flag('privileged'))
      notes.lost(
        section.placeOf('privileged'),
        `${section.path}.privileged`,
        'no service is privileged',
        "If it must: `security: [{ allow: 'privilege-escalation', reason: '...', until: '...' }]`.",
      )
    for (const item of section.section('capabilities')?.items('add') ?? [])
      notes.lost(
        item.at,
        `${section.path}.capabilities`,
        `it does not get the capability ${textOf(item) ?? ''}`,
        `If it must: \`security: [{ allow: 'capability', capability: '${textOf(item) ?? ''}', reason: '...', until: '...' }]\`.`,
      )
    if (section.text('readOnlyRootFilesystem') === 'false')
      notes.changed(
        section.placeOf('readOnlyRootFilesystem'),
        `${section.path}.readOnlyRootFilesystem`,
        'the root file system is read-only',
        'Write below a volume, or allow `writable-root` under `security`.',
      )
    for (const key of ['fsGroup', 'runAsGroup', 'supplementalGroups', 'sysctls', 'seLinuxOptions', 'appArmorProfile'])
      if (section.has(key)) {
        notes.lost(
          section.placeOf(key),
          `${section.path}.${key}`,
          `\`${key}\` is not set`,
          'Where it matters, add it under `kubernetes: [{ kind, merge }]`.',
        )
        section.take(key)
      }
    for (const key of [
      'runAsNonRoot',
      'allowPrivilegeEscalation',
      'seccompProfile',
      'fsGroupChangePolicy',
      'procMount',
      'supplementalGroupsPolicy',
    ])
      section.take(key)
    section.close(notes, {}, apiName)
  }
}

function readResources(container: Section, spec: Record<string, unknown>, notes: Notes): void {
  const resources = container.section('resources')
  const limits = resources?.section('limits')
  const requests = resources?.section('requests')
  const pick = <Value>(
    key: string,
    field: string,
    read: (text: string) => Value | undefined,
    byDefault: Value,
  ): void => {
    const limit = limits?.text(key)
    const request = requests?.text(key)
    const value = read(limit ?? request ?? '')
    if (limit !== undefined && request !== undefined && JSON.stringify(read(limit)) !== JSON.stringify(read(request)))
      notes.changed(
        resources?.at ?? container.at,
        `${container.path}.resources`,
        `one value of \`${field}\` is both requested and the limit: ${limit}, not ${request}`,
        `Correct \`${field}\`.`,
      )
    if (value !== undefined && value !== byDefault) spec[field] = value
  }
  pick('cpu', 'cpu', quantityAsCpu, 0.25)
  pick('memory', 'memory', quantityAsSize, '256Mi')
  pick('ephemeral-storage', 'disk', quantityAsSize, '1Gi')
  const gpu = ['nvidia.com/gpu', 'amd.com/gpu', 'gpu.intel.com/i915']
    .map((key) => Number(limits?.text(key) ?? requests?.text(key) ?? 0))
    .find((count) => count > 0)
  for (const key of ['nvidia.com/gpu', 'amd.com/gpu', 'gpu.intel.com/i915']) requests?.take(key)
  if (gpu !== undefined) spec.gpu = gpu
  for (const section of [limits, requests])
    section?.close(
      notes,
      Object.fromEntries(
        section.keys.map((key) => [
          key,
          {
            kind: 'lost' as const,
            what: `the resource ${key} is not asked for`,
            instead: 'Add it under `kubernetes: [{ kind, merge }]`.',
          },
        ]),
      ),
      apiName,
    )
  resources?.close(
    notes,
    { claims: { kind: 'lost', what: 'resource claims have no counterpart', instead: '' } },
    apiName,
  )
}

function readStop(pod: Section, container: Section, notes: Notes): unknown {
  const grace = Number(pod.text('terminationGracePeriodSeconds') ?? 30)
  const lifecycle = container.section('lifecycle')
  const hook = lifecycle?.section('preStop')
  const words = (hook?.section('exec')?.items('command') ?? []).map((item) => textOf(item) ?? '')
  const isSleep = hook?.has('sleep') || /^(\/bin\/)?(sh -c )?\(?sleep \d+\)?$/.test(words.join(' '))
  if (hook && isSleep) notes.needless(hook.at, hook.path, 'a replica leaves the rotation before it is asked to end')
  else if (hook?.has('httpGet'))
    notes.lost(
      hook.at,
      hook.path,
      'no request is made before a replica ends',
      'Use `stop.command`, or end on the signal.',
    )
  if (lifecycle?.has('postStart'))
    notes.lost(
      lifecycle.placeOf('postStart'),
      `${lifecycle.path}.postStart`,
      'nothing runs beside the start',
      'Run it before, in the program or as a job.',
    )
  const stop = {
    ...(grace < 20 && { drain: printDuration(grace * 1000) }),
    ...(grace !== 30 && { grace: printDuration(grace * 1000) }),
    ...(words.length > 0 && !isSleep && { command: writeCommand(words) }),
  }
  return Object.keys(stop).length > 0 ? stop : undefined
}

function readMounts(workload: Workload, context: WorkloadContext, notes: Notes) {
  const storage: Record<string, unknown> = {}
  const needs: { on: DraftRef; mount: string; readOnly?: true }[] = []
  const files: Record<string, unknown> = {}
  for (const item of workload.container.items('volumeMounts')) {
    if (item.kind !== 'mapping') continue
    const mount = openSection(item, `${workload.container.path}.volumeMounts`)
    const name = mount.text('name') ?? ''
    const target = mount.text('mountPath') ?? ''
    const readOnly = mount.flag('readOnly')
    if (mount.has('subPath'))
      notes.lost(
        mount.placeOf('subPath'),
        `${mount.path}.subPath`,
        `the whole volume is mounted at ${target}, not a folder of it`,
        'Move the files up, or name the folder in the program.',
      )
    for (const key of ['subPath', 'mountPropagation', 'subPathExpr', 'recursiveReadOnly']) mount.take(key)
    mount.close(notes, {}, apiName)
    const volume = workload.volumes.get(name)
    if (volume?.kind === 'template') storage[target] = volume.claim
    else if (volume?.kind === 'claim') {
      const shared = context.sharedClaim(volume.claim)
      if (shared) needs.push({ on: shared, mount: target, ...(readOnly && { readOnly: true }) })
      else storage[target] = context.claims.get(volume.claim) ?? '10Gi'
      if (!shared && !context.claims.has(volume.claim))
        notes.guessed(
          item.at,
          mount.path,
          `the claim ${volume.claim} is not among the manifests; 10Gi was written`,
          'Correct `storage`.',
        )
    } else if (volume?.kind === 'secret') {
      for (const key of volume.keys.length > 0 ? volume.keys : ['value']) {
        const variable = `${volume.source}_${key}`.toUpperCase().replace(/[^A-Z0-9]+/g, '_')
        files[variable] = {
          secret: context.secrets.use({
            variable,
            value: `${volume.source}/${key}`,
            service: workload.ref.name,
            at: item.at,
          }),
          as: 'file',
        }
        notes.changed(
          item.at,
          mount.path,
          `the secret ${volume.source} does not lie in ${target}`,
          `Its path stands in ${variable}_FILE.`,
        )
      }
    } else if (volume?.kind === 'config')
      notes.lost(
        item.at,
        mount.path,
        `the files of the ConfigMap ${volume.source} are not mounted at ${target}`,
        'Put them into the image, or write their settings under `env`.',
      )
    else if (volume?.kind === 'scratch')
      notes.needless(item.at, mount.path, `${target} lies on the replica’s ephemeral disk`)
    else
      notes.lost(
        item.at,
        mount.path,
        `the volume ${name} (${volume?.kind === 'other' ? volume.what : 'not declared'}) is not mounted at ${target}`,
        'Use `storage`, or add it under `kubernetes`.',
      )
  }
  return { storage, needs, files }
}

function writeEnv(workload: Workload, context: WorkloadContext, notes: Notes): Record<string, unknown> {
  const env: Record<string, unknown> = {}
  const path = workload.paths.env
  const { replaced } = context.wiring
  for (const { name, value = '', at, variables } of workload.containerEnv.plain) {
    if (replaced.has(name)) continue
    if (!isVariableName(name)) notes.lost(at, `${path}.${name}`, `${name} is no name of a variable`, 'Rename it.')
    else if (name === 'PORT' && value === String(workload.ports.port))
      notes.needless(at, `${path}.PORT`, 'each replica is given its own PORT')
    else if (isSecret(name, value, variables)) {
      env[name] = context.secrets.use({ variable: name, value, service: workload.ref.name, at })
      notes.changed(
        at,
        `${path}.${name}`,
        `${name} looks like a secret and stands in clear; its value was not copied`,
        `Set ${name} in the environment of \`seaworthy up\`, and change the value: it is in the repository.`,
      )
    } else
      env[name] = /^(0|[1-9]\d{0,14})$/.test(value)
        ? Number(value)
        : /^(true|false)$/.test(value)
          ? value === 'true'
          : value
  }
  for (const { name, secret, key, at } of workload.containerEnv.secrets) {
    if (replaced.has(name)) continue
    const variable = context.variableOf(secret, key, name)
    env[name] = context.secrets.use({ variable, value: `${secret}/${key}`, service: workload.ref.name, at })
    notes.changed(
      at,
      `${path}.${name}`,
      `${name} was kept in the Secret ${secret} and is read when the service starts`,
      `Set ${variable} in the environment of \`seaworthy up\`, or name a vault under \`from\`.`,
    )
  }
  return env
}
