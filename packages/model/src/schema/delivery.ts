import {
  choice,
  cron,
  duration,
  either,
  flag,
  growth,
  integer,
  json,
  list,
  type Node,
  number,
  type ObjectNode,
  object,
  pattern,
  percent,
  record,
  reference,
  short,
  text,
} from './node.ts'
import { commandLine } from './traffic.ts'

/** One thing that a new version must do before it gets traffic; exactly one of `http`, `run`. */
export const smokeTest: ObjectNode = object(
  'SmokeTest',
  'One thing that a new version must do before it gets traffic; exactly one of `http`, `run`.',
  {
    name: { type: text, doc: 'What it shows.' },
    http: { type: pattern('^/'), doc: 'Path asked of every new replica.' },
    expect: { type: integer(100, 599), doc: 'Status expected.', default: 200 },
    contains: { type: text, doc: 'Text that the body must hold.' },
    run: { type: commandLine, doc: 'Command that must exit 0; `SEAWORTHY_TARGET` holds the base URL of the preview.' },
    timeout: { type: duration, doc: 'Time for it.', default: '30s' },
  },
)

/** A command around a step of a release. */
export const hook: ObjectNode = object('Hook', 'A command around a step of a release.', {
  run: {
    type: commandLine,
    doc: 'Command; `SEAWORTHY_RELEASE`, `SEAWORTHY_STEP` and `SEAWORTHY_VERSION` tell where it stands.',
    required: true,
  },
  when: {
    type: choice('before-release', 'before-step', 'after-step', 'after-release', 'after-rollback'),
    doc: 'When.',
    required: true,
  },
  timeout: { type: duration, doc: 'Time for it; a failure or a time-out stops the release.', default: '60s' },
})

/** Something counted besides errors and latency. */
export const verdictMetric: ObjectNode = object('VerdictMetric', 'Something counted besides errors and latency.', {
  name: { type: text, doc: 'Counter of the service.', required: true },
  harm: { type: number(1), doc: 'Ratio of canary to baseline that is harm; the verdict’s when absent.' },
})

/** When a release goes back and when it goes on. */
export const verdict: ObjectNode = object('Verdict', 'When a release goes back and when it goes on.', {
  alpha: {
    type: number(0.000001, 0.5),
    doc: 'Chance of rolling back a version that is no worse, whatever was looked at and how often.',
    default: 0.01,
  },
  beta: { type: number(0.000001, 0.5), doc: 'Chance of promoting a version that is worse by `slip`.', default: 0.05 },
  margin: {
    type: number(1, 100),
    doc: 'Ratio of failure rates (canary to baseline) still called no worse.',
    default: 1,
  },
  slip: { type: number(1.01, 100), doc: 'Ratio of failure rates that must not slip through.', default: 2 },
  detect: {
    type: number(1.01, 1000),
    doc: 'Ratio of failure rates that must be found within `deadline`; checked against the declared traffic.',
    default: 5,
  },
  latency: { type: list(duration), doc: 'Bounds: a slower answer is an event. The latency objectives when absent.' },
  metrics: { type: list(verdictMetric), doc: 'Further counters.', default: [] },
  minRequests: {
    type: integer(0),
    doc: 'Requests that the canary must have served before a step may pass.',
    default: 100,
  },
  deadline: { type: duration, doc: 'Longest time in one step.', default: '30m' },
  warmUp: { type: duration, doc: 'Time after the start of new replicas that is not counted.', default: '10s' },
  episode: { type: duration, doc: 'Failures of one client within this window count once.', default: '10s' },
  underpowered: {
    type: choice('hold', 'promote', 'rollback'),
    doc: 'What happens when the deadline passes without evidence.',
    default: 'hold',
  },
})

/** Mirroring of safe requests to the new version, answers compared and thrown away. */
export const shadow: ObjectNode = object(
  'Shadow',
  'Mirroring of safe requests to the new version, answers compared and thrown away.',
  {
    share: { type: percent, doc: 'Share of safe requests that is mirrored.', default: '10%' },
    maxInFlight: { type: integer(1), doc: 'Mirrored requests at once, at most.', default: 10 },
    ignore: { type: list(text), doc: 'JSON paths and headers that may differ.', default: [] },
  },
)

/** A person’s yes. */
export const approval: ObjectNode = object('Approval', 'A person’s yes.', {
  by: { type: list(text), doc: 'Who may give it: user or group names.', required: true },
  count: { type: integer(1), doc: 'How many of them.', default: 1 },
  before: { type: choice('release', 'promote'), doc: 'What waits for it.', default: 'release' },
  timeout: { type: duration, doc: 'Without it by then the release is aborted.', default: '24h' },
})

/** How a new version takes over. */
export const rollout: ObjectNode = object('Rollout', 'How a new version takes over.', {
  strategy: { type: choice('rolling', 'blue-green', 'canary'), doc: 'Strategy.', default: 'rolling' },
  steps: {
    type: list(percent),
    doc: 'Shares of a canary in order; the last is 100 %. The planner chooses when absent.',
  },
  maxSurge: { type: either(integer(0), growth), doc: 'Replicas above the wanted number while rolling.', default: 1 },
  maxUnavailable: { type: either(integer(0), percent), doc: 'Replicas below it.', default: 0 },
  keepWarm: { type: duration, doc: 'How long the previous version stays ready to take over again.', default: '10m' },
  verdict: { type: verdict, doc: 'Decision rule.', default: {} },
  smoke: { type: list(smokeTest), doc: 'Tests of the preview.', default: [] },
  hooks: { type: list(hook), doc: 'Commands around steps.', default: [] },
  shadow: { type: shadow, doc: 'Mirroring before the first step.' },
  inject: { type: flag, doc: 'Whether synthetic load may fill thin traffic.', default: false },
  onHarm: { type: choice('rollback', 'hold'), doc: 'What harm leads to.', default: 'rollback' },
})

/** Jobs that gate a release. */
export const rolloutOrWord: Node = short(choice('rolling', 'blue-green', 'canary'), 'strategy', rollout)

/** Jobs that gate a release. */
export const migrations: ObjectNode = object('Migrations', 'Jobs that gate a release.', {
  before: { type: list(reference('job')), doc: 'Expand: run before the first new replica starts.', default: [] },
  after: { type: list(reference('job')), doc: 'Contract: run when the previous version is gone.', default: [] },
})

const flagValue = either(flag, number(), text)

/** Who gets which variant. */
export const flagRule: ObjectNode = object('FlagRule', 'Who gets which variant.', {
  when: { type: record(either(text, list(text))), doc: 'Attributes of the caller that must match.', required: true },
  value: { type: flagValue, doc: 'Variant for them.', required: true },
})

/** A switch that is turned without a release. */
export const featureFlag: ObjectNode = object('FeatureFlag', 'A switch that is turned without a release.', {
  default: { type: flagValue, doc: 'Variant when nothing else applies.', required: true },
  variants: { type: record(json), doc: 'Named variants.', default: {} },
  rules: { type: list(flagRule), doc: 'Targeting, first match wins.', default: [] },
  ramp: { type: list(percent), doc: 'Shares through which the new variant is brought in, with a verdict.' },
  owner: { type: text, doc: 'Who removes it.' },
  until: { type: { kind: 'unit', unit: 'date' }, doc: 'Day by which it should be gone.' },
})

/** A time without releases. */
export const freeze: ObjectNode = object('Freeze', 'A time without releases.', {
  cron: { type: cron, doc: 'When it begins (UTC).', required: true },
  for: { type: duration, doc: 'How long.', required: true },
  reason: { type: text, doc: 'Why.', required: true },
})
