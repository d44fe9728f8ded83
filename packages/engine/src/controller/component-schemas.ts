import type { Schema } from './api-route.ts'

const text: Schema = { type: 'string' }
const whole: Schema = { type: 'integer' }
const yesNo: Schema = { type: 'boolean' }
const share: Schema = { type: 'number', minimum: 0, maximum: 1 }
const when: Schema = { type: 'integer', description: 'ms since the Unix epoch' }

function shape(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  return { type: 'object', properties, required: Object.keys(properties).filter((name) => !optional.includes(name)) }
}

function list(name: string): Schema {
  return { type: 'array', items: { $ref: `#/components/schemas/${name}` } }
}

const phases = [
  'waiting',
  'starting',
  'ready',
  'unready',
  'draining',
  'stopping',
  'backoff',
  'crash-looping',
  'failed',
  'gone',
]

/** The shapes that the API's operations share; `contract-state.ts` and its neighbours say what each field means. */
export const componentSchemas: Readonly<Record<string, Schema>> = {
  Problem: shape(
    { type: text, title: text, detail: text, code: text, message: text, hint: text, where: { type: 'object' } },
    ['hint', 'where'],
  ),
  Fleet: { type: 'object', description: 'A resolved fleet; its JSON Schema is published with @seaworthy/model.' },
  Plan: shape({
    kind: { const: 'plan' },
    fleet: { $ref: '#/components/schemas/Fleet' },
    identity: text,
    actions: { type: 'array', items: { type: 'object', properties: { kind: text }, required: ['kind'] } },
    replacement: { enum: ['rolling', 'keep'] },
  }),
  ReplicaView: shape(
    {
      replica: text,
      service: text,
      version: text,
      phase: { enum: phases },
      reason: text,
      since: when,
      restarts: whole,
      address: text,
      pid: whole,
      cpu: { type: 'number', description: 'cores' },
      memory: { type: 'integer', description: 'bytes' },
    },
    ['reason', 'address', 'pid', 'cpu', 'memory'],
  ),
  VersionState: shape({
    service: text,
    version: text,
    spec: { type: 'object' },
    stable: yesNo,
    share,
    replicas: whole,
    ready: whole,
    createdAt: when,
  }),
  ServiceState: shape(
    {
      service: text,
      stable: text,
      versions: list('VersionState'),
      internalUrl: text,
      urls: { type: 'array', items: text },
    },
    ['internalUrl'],
  ),
  ResourceState: shape(
    { resource: text, type: { enum: ['postgres', 'redis', 'volume', 'external'] }, ready: yesNo, reason: text },
    ['reason'],
  ),
  JobState: shape(
    {
      job: text,
      key: text,
      phase: { enum: ['idle', 'waiting', 'running', 'succeeded', 'failed', 'unknown'] },
      attempts: whole,
      reason: text,
      nextRunAt: when,
    },
    ['key', 'reason', 'nextRunAt'],
  ),
  Limitation: shape({ what: text, why: text, hint: text }),
  EngineState: shape(
    {
      kind: { enum: ['machine', 'kubernetes'] },
      fleet: text,
      environment: text,
      identity: text,
      generation: whole,
      services: list('ServiceState'),
      replicas: list('ReplicaView'),
      resources: list('ResourceState'),
      jobs: list('JobState'),
      gateway: shape({ ready: yesNo, urls: { type: 'array', items: text }, snapshotVersion: whole, reason: text }, [
        'reason',
      ]),
      limitations: list('Limitation'),
    },
    ['identity'],
  ),
  Observation: shape(
    { kind: { enum: ['replica', 'synced'] }, at: when, replica: { $ref: '#/components/schemas/ReplicaView' } },
    ['replica'],
  ),
  EngineEvent: {
    type: 'object',
    properties: {
      kind: { enum: ['started', 'replica', 'resource', 'job', 'version', 'routed', 'limitation', 'settled', 'stuck'] },
      at: when,
    },
    required: ['kind', 'at'],
  },
  RouteReceipt: shape({
    service: text,
    shares: { type: 'object', additionalProperties: share },
    snapshotVersion: whole,
    inForceAt: when,
  }),
  VersionExposure: shape({
    service: text,
    version: text,
    replicaSeconds: { type: 'number' },
    readySeconds: { type: 'number' },
    restarts: whole,
    outOfMemory: whole,
    hangs: whole,
    failedStarts: whole,
  }),
  JobOutcome: shape(
    {
      kind: { enum: ['succeeded', 'failed'] },
      key: text,
      attempts: whole,
      finishedAt: when,
      exitCode: whole,
      reason: text,
    },
    ['exitCode', 'reason'],
  ),
  ControllerState: shape({
    pid: whole,
    startedAt: when,
    version: text,
    stateDir: text,
    root: text,
    environment: text,
    owner: { type: ['object', 'null'] },
  }),
}
