import type { Approval, Job, Service } from '@seaworthy/model'
import type { Instruction } from './instruction.ts'

/** What a program is made from. */
export interface StrategyInput {
  readonly service: Service
  readonly strategy: Service['rollout']['strategy']
  /** Replicas that serve all traffic, from 1. */
  readonly replicas: number
  /** Shares of a canary in order, each 0..1; the last is 1. */
  readonly shares: readonly number[]
  /** Jobs of the fleet by name. */
  readonly jobs: Readonly<Record<string, Job>>
  /** Approvals of the service and the environment. */
  readonly approvals: readonly Approval[]
  /** ms that each batch of a rolling release is watched. */
  readonly watchMs: number
  /** Whether it is a member of a fleet release. */
  readonly grouped: boolean
}

function migrations(input: StrategyInput, stage: 'expand' | 'contract'): Instruction[] {
  const names = stage === 'expand' ? input.service.migrations.before : input.service.migrations.after
  return names.map((job) => ({ kind: 'migrate', job, stage, irreversible: input.jobs[job]?.irreversible ?? false }))
}

function approvals(input: StrategyInput, before: Approval['before']): Instruction[] {
  return input.approvals
    .filter((approval) => approval.before === before)
    .map((approval) => ({ kind: 'approval', approval }))
}

/** The shares in which the new version gets traffic beside the old one; 1 is not among them. */
export function comparedShares(
  input: Pick<StrategyInput, 'strategy' | 'shares' | 'replicas' | 'service'>,
): readonly number[] {
  switch (input.strategy) {
    case 'canary':
      return input.shares.filter((share) => share < 1)
    case 'rolling':
      return batches(input)
        .slice(0, -1)
        .map((ready) => ready / input.replicas)
    case 'blue-green':
      return []
    default:
      return input.strategy satisfies never
  }
}

/** How many replicas of the new version run after each batch of a rolling release. */
function batches({ replicas, service }: Pick<StrategyInput, 'replicas' | 'service'>): number[] {
  const { maxSurge } = service.rollout
  const surge = typeof maxSurge === 'number' ? maxSurge : Math.ceil((replicas * Number.parseFloat(maxSurge)) / 100)
  const size = Math.max(1, surge)
  return Array.from({ length: Math.ceil(replicas / size) }, (_, i) => Math.min(replicas, (i + 1) * size))
}

function rolling(input: StrategyInput): Instruction[] {
  return batches(input).flatMap((ready, step): Instruction[] => {
    const share = ready / input.replicas
    const last = ready === input.replicas
    return [
      { kind: 'hooks', when: 'before-step', step },
      { kind: 'start', replicas: ready },
      ...(step === 0 && input.service.rollout.smoke.length > 0
        ? [{ kind: 'smoke', tests: input.service.rollout.smoke } as const]
        : []),
      { kind: 'shift', share },
      ...(last
        ? []
        : [
            { kind: 'watch', step, forMs: input.watchMs } as const,
            { kind: 'shrink', replicas: input.replicas - ready } as const,
          ]),
      { kind: 'hooks', when: 'after-step', step },
    ]
  })
}

function blueGreen(input: StrategyInput): Instruction[] {
  return [
    { kind: 'hooks', when: 'before-step', step: 0 },
    { kind: 'start', replicas: input.replicas },
    ...(input.service.rollout.smoke.length > 0 ? [{ kind: 'smoke', tests: input.service.rollout.smoke } as const] : []),
    ...approvals(input, 'promote'),
    { kind: 'shift', share: 1 },
    { kind: 'hooks', when: 'after-step', step: 0 },
  ]
}

function canary(input: StrategyInput): Instruction[] {
  const shares = input.shares.filter((share) => share < 1)
  const steps = shares.flatMap((share, step): Instruction[] => [
    { kind: 'hooks', when: 'before-step', step },
    { kind: 'start', replicas: Math.min(input.replicas, Math.max(1, Math.ceil(input.replicas * share))) },
    ...(step === 0 && input.service.rollout.smoke.length > 0
      ? [{ kind: 'smoke', tests: input.service.rollout.smoke } as const]
      : []),
    { kind: 'shift', share },
    { kind: 'judge', step },
    { kind: 'hooks', when: 'after-step', step },
  ])
  // The canary's replicas become the stable ones: more of the same are started, nothing is rolled out a second time.
  return [
    ...steps,
    { kind: 'start', replicas: input.replicas },
    ...approvals(input, 'promote'),
    { kind: 'shift', share: 1 },
  ]
}

/** Everything that a release does, in order. */
export function programOf(input: StrategyInput): readonly Instruction[] {
  const steps = { rolling, 'blue-green': blueGreen, canary }[input.strategy](input)
  return [
    ...approvals(input, 'release'),
    { kind: 'hooks', when: 'before-release' },
    ...migrations(input, 'expand'),
    ...steps,
    { kind: 'promote' },
    ...(input.grouped ? [{ kind: 'together' } as const] : []),
    ...(input.service.rollout.keepWarm > 0
      ? [{ kind: 'keep-warm', forMs: input.service.rollout.keepWarm } as const]
      : []),
    { kind: 'retire' },
    ...migrations(input, 'contract'),
    { kind: 'hooks', when: 'after-release' },
  ]
}
