import {
  choice,
  cron,
  duration,
  type Fields,
  flag,
  integer,
  list,
  type Node,
  type ObjectNode,
  object,
  overlaid,
  pattern,
  short,
  size,
  text,
} from './node.ts'
import { commandLine } from './traffic.ts'

/** How many backups are kept. */
export const retention: ObjectNode = object('Retention', 'How many backups are kept.', {
  last: { type: integer(1), doc: 'The newest ones.', default: 3 },
  daily: { type: integer(0), doc: 'One a day.', default: 7 },
  weekly: { type: integer(0), doc: 'One a week.', default: 4 },
  monthly: { type: integer(0), doc: 'One a month.', default: 6 },
})

/** How data survive their machine. */
export const backup: ObjectNode = object('Backup', 'How data survive their machine.', {
  schedule: { type: cron, doc: 'When a backup is made (UTC).' },
  every: { type: duration, doc: 'Time between backups, instead of `schedule`.' },
  continuous: { type: flag, doc: 'Whether the write-ahead log is archived all the time (PostgreSQL).', default: false },
  archiveEvery: { type: duration, doc: 'Longest time a log segment waits, with `continuous`.', default: '5m' },
  rpo: { type: duration, doc: 'Recovery point objective: data of this length may be lost.' },
  rto: { type: duration, doc: 'Recovery time objective: the restore may take this long.' },
  retention: { type: retention, doc: 'What is kept.', default: {} },
  remote: { type: list(text), doc: 'Where copies go, such as `s3:bucket/path` or `sftp:host:/path`.', default: [] },
  drill: { type: cron, doc: 'When a restore is tried (UTC).' },
  before: { type: commandLine, doc: 'Command before each backup.' },
  after: { type: commandLine, doc: 'Command after each backup.' },
  stopServices: { type: flag, doc: 'Whether users of the data are stopped meanwhile, in order.', default: false },
})

/** Room for data. */
export const storage: ObjectNode = object('Storage', 'Room for data.', {
  size: { type: size, doc: 'How much.', required: true },
  class: { type: text, doc: 'Storage class of the target.' },
  access: {
    type: choice('one', 'many', 'many-readers'),
    doc: 'Who may mount it: one machine, many, or many for reading.',
    default: 'one',
  },
})

/** A PostgreSQL database. */
export const storageOrSize: Node = short(size, 'size', storage)

/** A PostgreSQL database. */
export const postgres: ObjectNode = overlaid('Postgres', 'A PostgreSQL database.', {
  version: { type: integer(13, 30), doc: 'Major version; what is there when absent.' },
  database: {
    type: pattern('^[a-z_][a-z0-9_]*$'),
    doc: 'Database name; the resource name when absent.',
    derived: 'identifier',
  },
  storage: { type: storageOrSize, doc: 'Room for data.', default: '10Gi' },
  backup: { type: backup, doc: 'Backups.' },
  url: { type: text, doc: 'An existing server: `env:NAME` or a URL without a password.' },
  operator: { type: choice('none', 'cloudnative-pg'), doc: 'What runs it on Kubernetes.', default: 'none' },
  replicas: { type: integer(1, 9), doc: 'Instances, with an operator.', default: 1 },
  zones: { type: list(text), doc: 'Zones that it is spread over.', default: [] },
  maxConnections: { type: integer(5, 10000), doc: 'Connections at once.', default: 100 },
})

/** A Redis server. */
export const redis: ObjectNode = overlaid('Redis', 'A Redis server.', {
  storage: { type: storageOrSize, doc: 'Room for data.', default: '1Gi' },
  persist: { type: flag, doc: 'Whether data outlive a restart.', default: true },
  maxMemory: { type: size, doc: 'Memory for data.', default: '256Mi' },
  eviction: {
    type: choice('noeviction', 'allkeys-lru', 'allkeys-lfu', 'volatile-lru', 'volatile-ttl'),
    doc: 'What goes when it is full.',
    default: 'noeviction',
  },
  backup: { type: backup, doc: 'Backups.' },
  url: { type: text, doc: 'An existing server: `env:NAME` or a URL without a password.' },
})

/** Files that outlive replicas. */
export const volume: ObjectNode = overlaid('Volume', 'Files that outlive replicas.', {
  storage: { type: storageOrSize, doc: 'Room.', required: true },
  backup: { type: backup, doc: 'Backups.' },
})

/** Something that others run. */
export const external: ObjectNode = overlaid('External', 'Something that others run.', {
  url: { type: text, doc: 'Its address: `env:NAME` or a URL.', required: true },
  check: { type: choice('none', 'tcp', 'http'), doc: 'How readiness is asked.', default: 'tcp' },
})

/** A value that must not be seen. */
export const secret: ObjectNode = overlaid('Secret', 'A value that must not be seen.', {
  from: {
    type: pattern(
      '^(env:[A-Z_][A-Z0-9_]*|file:.+|vault:[^#]+#.+|generate(:[0-9]+)?)$',
      'env:OPENAI_API_KEY',
      'vault:secret/data/api#jwt',
      'generate:32',
    ),
    doc: 'Where it comes from; `env:` and its name in capitals when absent.',
    derived: 'environment-variable',
  },
  refresh: { type: duration, doc: 'How often the source is read again.', default: '1h' },
  rotateEvery: { type: duration, doc: 'Age at which a new value is due.' },
  onRotate: {
    type: choice('restart', 'signal', 'nothing'),
    doc: 'What its users do when it changes.',
    default: 'restart',
  },
})

/** GPUs of a machine. */
export const machineGpu: ObjectNode = object('MachineGpu', 'GPUs of a machine.', {
  model: { type: text, doc: 'Product name, such as `RTX 4090` or `A100 40GB`.', required: true },
  count: { type: integer(1, 16), doc: 'How many.', default: 1 },
  memory: { type: size, doc: 'Memory of each.' },
  share: {
    type: short(
      choice('exclusive', 'time-slicing', 'mps', 'mig'),
      'mode',
      object('MachineGpuShare', 'How its GPUs are divided.', {
        mode: { type: choice('exclusive', 'time-slicing', 'mps', 'mig'), doc: 'Way of sharing.', default: 'exclusive' },
        replicas: { type: integer(1, 48), doc: 'Parts for time-slicing and MPS.' },
        profiles: { type: list(text), doc: 'MIG profiles that each GPU is cut into.' },
      }),
    ),
    doc: 'Way of sharing.',
    default: 'exclusive',
  },
})

/** What a job has beyond a program: when and how often it runs. */
export const cronJobFields: Fields = {
  schedule: { type: cron, doc: 'When it runs (UTC); a job without one runs once per release.' },
  missed: {
    type: choice('skip', 'once', 'all'),
    doc: 'What happens to runs missed while nothing ran.',
    default: 'once',
  },
  concurrency: {
    type: choice('forbid', 'allow', 'replace'),
    doc: 'What happens when the last run is still going.',
    default: 'forbid',
  },
  attempts: { type: integer(1, 20), doc: 'Tries before it counts as failed.', default: 1 },
  timeout: { type: duration, doc: 'Longest run.', default: '10m' },
  irreversible: {
    type: flag,
    doc: 'Whether a release past it can’t go back (it then freezes instead).',
    default: false,
  },
}
