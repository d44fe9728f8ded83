import {
  choice,
  cpu,
  cron,
  duration,
  either,
  growth,
  integer,
  list,
  type Node,
  number,
  type ObjectNode,
  object,
  pair,
  percent,
  reference,
  short,
  size,
  span,
  text,
} from './node.ts'

/** How fast the number of replicas may change. */
export const scaleStep: ObjectNode = object('ScaleStep', 'How fast the number of replicas may change.', {
  percent: { type: growth, doc: 'Largest change per window, relative to what runs.' },
  replicas: { type: integer(1), doc: 'Largest change per window, in replicas.' },
  window: { type: span, doc: 'The window.', default: '60s' },
  stabilise: { type: duration, doc: 'The recommendation must have held this long.', default: '0s' },
})

/** A floor by the clock. */
export const scaleSchedule: ObjectNode = object('ScaleSchedule', 'A floor by the clock.', {
  cron: { type: cron, doc: 'When it begins (UTC).', required: true },
  for: { type: duration, doc: 'How long it holds.', required: true },
  min: { type: integer(0), doc: 'Replicas at least.', required: true },
})

/** Between how many replicas, and what moves the number. */
export const scale: ObjectNode = object('Scale', 'Between how many replicas, and what moves the number.', {
  min: { type: integer(0), doc: 'Replicas at least.', required: true },
  max: { type: integer(1), doc: 'Replicas at most.', required: true },
  cpu: { type: percent, doc: 'Target CPU use relative to what is requested.' },
  memory: { type: percent, doc: 'Target memory use relative to what is requested.' },
  inFlight: { type: integer(1), doc: 'Target requests in flight per replica.' },
  schedule: { type: list(scaleSchedule), doc: 'Floors by the clock.', default: [] },
  up: { type: scaleStep, doc: 'Growth.', default: { percent: '100%', window: '30s' } },
  down: { type: scaleStep, doc: 'Shrinking.', default: { percent: '50%', window: '5m', stabilise: '5m' } },
})

/** Short form `[min, max]`. */
export const scaleOrPair: Node = { ...short(pair(integer(0)), 'min', scale), split: 'min-max' }

/** How one GPU is divided. */
export const gpuShare: ObjectNode = object('GpuShare', 'How one GPU is divided.', {
  mode: { type: choice('exclusive', 'time-slicing', 'mps', 'mig'), doc: 'Way of sharing.', default: 'exclusive' },
  replicas: { type: integer(1, 48), doc: 'Parts for time-slicing and MPS.' },
  profiles: { type: list(text), doc: 'MIG profiles, such as `1g.5gb`, that one GPU is cut into.' },
})

/** What a replica needs of a GPU. */
export const gpu: ObjectNode = object('Gpu', 'What a replica needs of a GPU.', {
  count: { type: integer(1, 16), doc: 'GPUs, or parts of one where shared.', default: 1 },
  memory: { type: size, doc: 'GPU memory it may use.' },
  share: {
    type: short(choice('exclusive', 'time-slicing', 'mps', 'mig'), 'mode', gpuShare),
    doc: 'Way of sharing; the machine decides when absent.',
  },
  profile: { type: text, doc: 'MIG profile wanted.' },
})

/** Where replicas may run. */
export const gpuOrCount: Node = short(integer(1, 16), 'count', gpu)

/** Where replicas may run. */
export const placement: ObjectNode = object('Placement', 'Where replicas may run.', {
  machines: { type: list(reference('machine')), doc: 'Only on these machines.', default: [] },
  zones: { type: list(text), doc: 'Only in these zones.', default: [] },
  spread: { type: choice('none', 'machine', 'zone'), doc: 'What replicas are spread over.', default: 'machine' },
  antiAffinity: {
    type: choice('none', 'preferred', 'required'),
    doc: 'Whether two replicas may share a machine.',
    default: 'preferred',
  },
})

/** Utilisation that is right: below is waste, above is risk. */
export const placementOrMachine: Node = short(list(reference('machine')), 'machines', placement)

/** Utilisation that is right: below is waste, above is risk. */
export const bands: ObjectNode = object('Bands', 'Utilisation that is right: below is waste, above is risk.', {
  cpu: { type: pair(percent), doc: 'CPU.' },
  memory: { type: pair(percent), doc: 'Memory.' },
  disk: { type: pair(percent), doc: 'Disk.' },
  gpu: { type: pair(percent), doc: 'GPU.' },
})

const currency: Node = choice('USD', 'EUR', 'GBP', 'RON', 'JPY', 'CHF')

/** Money a month. */
export const cost: ObjectNode = object('Cost', 'Money a month.', {
  perMonth: { type: either(integer(0), pair(integer(0))), doc: 'Amount, or `[low, high]`.', required: true },
  currency: { type: currency, doc: 'Currency.', default: 'USD' },
})

/** What capacity costs, so that a fleet's bill can be reckoned from what it asks for. */
export const prices: ObjectNode = object('Prices', 'What a unit of capacity costs.', {
  cpuHour: { type: number(0), doc: 'A core for an hour.' },
  memoryGiHour: { type: number(0), doc: 'A GiB of memory for an hour.' },
  gpuHour: { type: number(0), doc: 'A GPU for an hour.' },
  storageGiMonth: { type: number(0), doc: 'A GiB of storage for a month.' },
  egressGi: { type: number(0), doc: 'A GiB sent out.' },
  millionRequests: { type: number(0), doc: 'A million requests.' },
  currency: { type: currency, doc: 'Currency.', default: 'USD' },
})

/** Bounds on everything that the fleet takes in one environment. */
export const quota: ObjectNode = object('Quota', 'Bounds on everything that the fleet takes in one environment.', {
  cpu: { type: cpu, doc: 'Cores.' },
  memory: { type: size, doc: 'Memory.' },
  storage: { type: size, doc: 'Persistent storage.' },
  replicas: { type: integer(1), doc: 'Replicas.' },
})

/** A way in which a service is allowed to be less than restricted, for a while and for a reason. */
export const security: ObjectNode = object(
  'SecurityException',
  'A way in which a service is allowed to be less than restricted, for a while and for a reason.',
  {
    allow: {
      type: choice('root', 'writable-root', 'host-network', 'host-path', 'capability', 'privilege-escalation'),
      doc: 'What is allowed.',
      required: true,
    },
    capability: { type: text, doc: 'Linux capability, with `allow: capability`.' },
    reason: { type: text, doc: 'Why.', required: true },
    until: { type: { kind: 'unit', unit: 'date' }, doc: 'Day on which it ends.', required: true },
  },
)
