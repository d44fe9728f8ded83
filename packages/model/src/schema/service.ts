import { bands, cost, gpuOrCount, placementOrMachine, scaleOrPair, security } from './capacity.ts'
import { cronJobFields, storageOrSize } from './data.ts'
import { approval, featureFlag, migrations, rolloutOrWord } from './delivery.ts'
import {
  choice,
  cpu,
  either,
  type Fields,
  flag,
  integer,
  json,
  list,
  type Node,
  number,
  type ObjectNode,
  object,
  overlaid,
  percent,
  record,
  reference,
  short,
  size,
  span,
  text,
} from './node.ts'
import { alert, loadProfile, silence, sloOrAvailability } from './objectives.ts'
import { healthOrPath, stopOrDrain } from './probe.ts'
import {
  affinityOrWord,
  breaker,
  commandLine,
  expectedTraffic,
  needs,
  network,
  protections,
  routeOrText,
} from './traffic.ts'

/** How the image is made. */
export const build: ObjectNode = object('Build', 'How the image is made.', {
  context: { type: text, doc: 'Folder, relative to the catalog.', required: true },
  dockerfile: { type: text, doc: 'Dockerfile in it; Seaworthy’s own image writer when absent.' },
  target: { type: text, doc: 'Stage.' },
  args: { type: record(text), doc: 'Build arguments.', default: {} },
})

/** A secret handed to a service. */
export const secretUse: ObjectNode = object('SecretUse', 'A secret handed to a service.', {
  secret: { type: reference('secret'), doc: 'Which.', required: true },
  as: {
    type: choice('value', 'file'),
    doc: 'As the variable’s value, or as a file whose path stands in `<NAME>_FILE`.',
    default: 'value',
  },
})

/** A further port. */
export const extraPort: ObjectNode = object('Port', 'A further port.', {
  port: { type: integer(1, 65535), doc: 'Number inside the replica.', required: true },
  protocol: { type: choice('http', 'ws', 'sse', 'grpc', 'tcp'), doc: 'What is spoken.', default: 'http' },
})

const env: Node = record(either(text, number(), flag, short(reference('secret'), 'secret', secretUse)), 'variable')

/** Fields that services and jobs share. */
const program: Fields = {
  description: { type: text, doc: 'One line for people.' },
  owner: { type: text, doc: 'Team that answers for it.' },
  run: { type: commandLine, doc: 'Command that starts it; words are split as a shell would, without one.' },
  build: { type: short(text, 'context', build), doc: 'Folder that its image is built from.' },
  image: { type: text, doc: 'Image, best by digest.' },
  cwd: {
    type: text,
    doc: 'Working directory, relative to the catalog; the build context when absent.',
    derived: 'build-context',
  },
  user: { type: text, doc: 'User that it runs as; an unprivileged one when absent.' },
  needs: { type: needs, doc: 'What it depends on.', default: [] },
  env: { type: env, doc: 'Variables; numbers and booleans are written as text.', default: {} },
  cpu: { type: cpu, doc: 'Cores, as request and limit.', default: 0.25 },
  memory: { type: size, doc: 'Memory, as request and limit.', default: '256Mi' },
  disk: { type: size, doc: 'Ephemeral disk.', default: '1Gi' },
  pids: { type: integer(1), doc: 'Processes and threads at most.', default: 512 },
  gpu: { type: gpuOrCount, doc: 'GPU wanted.' },
  place: { type: placementOrMachine, doc: 'Where it may run.', default: {} },
  network: { type: network, doc: 'Edges beyond `needs`.', default: {} },
  security: { type: list(security), doc: 'Exceptions from the restricted default.', default: [] },
  kubernetes: {
    type: list(
      object('KubernetesPatch', 'A merge patch on rendered objects, applied last.', {
        kind: { type: text, doc: 'Kind of the object.', required: true },
        name: { type: text, doc: 'Its name; all of that kind when absent.' },
        merge: { type: json, doc: 'JSON merge patch (RFC 7396).', required: true },
      }),
    ),
    doc: 'Escape hatch for Kubernetes.',
    default: [],
  },
  silence: { type: list(silence), doc: 'Warnings that are accepted for a while.', default: [] },
}

const serviceFields: Fields = {
  ...program,
  tier: { type: choice('core', 'business', 'support'), doc: 'How much depends on it.', default: 'business' },
  onCall: { type: reference('escalation'), doc: 'Who is woken.' },
  runbook: { type: text, doc: 'Page to open at 3 a.m.' },
  port: {
    type: integer(1, 65535),
    doc: 'Port inside the replica; on one machine each replica finds its own in `PORT`.',
  },
  protocol: {
    type: choice('http', 'ws', 'sse', 'grpc', 'tcp', 'worker'),
    doc: 'What is spoken; `worker` has no port. Without a port the default is `worker`.',
    default: 'http',
    derived: 'worker-without-port',
  },
  ports: { type: record(extraPort, 'name'), doc: 'Further ports.', default: {} },
  hostPort: { type: integer(1, 65535), doc: 'Port opened on the machine itself, past the gateway (tcp).' },
  health: {
    type: healthOrPath,
    doc: 'Probes. A path alone is readiness; liveness is then whether the port accepts.',
    default: {},
  },
  routes: { type: list(routeOrText), doc: 'Ways in through the gateway.', default: [] },
  protect: { type: protections, doc: 'Protections at the gateway.', default: {} },
  timeout: { type: span, doc: 'Until the first byte of an answer.', default: '30s' },
  retries: { type: integer(0, 3), doc: 'Tries on other replicas, for requests that are safe to repeat.', default: 1 },
  breaker: { type: breaker, doc: 'Breaker at the gateway.' },
  affinity: { type: affinityOrWord, doc: 'Stickiness.', default: 'none' },
  replicas: {
    type: integer(0, 10000),
    doc: 'A fixed number of replicas; not together with `scale`. One when both are absent.',
    derived: 'one-without-scale',
  },
  scale: { type: scaleOrPair, doc: 'A moving number of replicas.' },
  minAvailable: { type: either(integer(0), percent), doc: 'Replicas that must stay up through voluntary disruptions.' },
  rollout: { type: rolloutOrWord, doc: 'How a new version takes over.', default: 'rolling' },
  migrations: { type: migrations, doc: 'Jobs that gate a release.', default: {} },
  approvals: { type: list(approval), doc: 'People who must say yes.', default: [] },
  stop: { type: stopOrDrain, doc: 'Stop contract.', default: {} },
  traffic: { type: expectedTraffic, doc: 'What it is expected to see.' },
  slo: { type: sloOrAvailability, doc: 'Objectives.' },
  alerts: { type: list(alert), doc: 'Alerts of its own; those of its tier come on top.', default: [] },
  load: { type: record(loadProfile), doc: 'Load that it must bear, by name.', default: {} },
  metrics: { type: record(text), doc: 'Counters of its own, with what they mean.', default: {} },
  bands: { type: bands, doc: 'Utilisation that is right.' },
  cost: { type: cost, doc: 'What it costs.' },
  flags: { type: record(featureFlag), doc: 'Feature flags.', default: {} },
  storage: {
    type: record(storageOrSize, 'text'),
    doc: 'Disks of its own, one per replica, by mount path.',
    default: {},
  },
}

/** Everything that can be said of a service; `on` overlays the same fields per environment. */
export const service: ObjectNode = overlaid('Service', 'Something that runs and goes on running.', serviceFields)

/** Everything that can be said of a job. */
export const job: ObjectNode = overlaid('Job', 'Something that runs to its end: a migration, a nightly task.', {
  ...program,
  ...cronJobFields,
})
