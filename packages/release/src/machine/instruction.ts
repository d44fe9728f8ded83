import type { Approval, Hook, SmokeTest } from '@seaworthy/model'

/** When a hook runs. */
export type HookMoment = Hook['when']

/**
 * One thing that a release does. A strategy is a list of these, written into the journal before the first is done; each is
 * idempotent, so that a release whose controller was killed says the present one again and goes on.
 */
export type Instruction =
  /** Waits for people. */
  | { readonly kind: 'approval'; readonly approval: Approval }
  /** Runs the hooks of a moment, one after the other. */
  | { readonly kind: 'hooks'; readonly when: HookMoment; readonly step?: number }
  /** Runs a migration job exactly once for this release. */
  | {
      readonly kind: 'migrate'
      readonly job: string
      readonly stage: 'expand' | 'contract'
      readonly irreversible: boolean
    }
  /** Makes sure that this many replicas of the new version are ready. */
  | { readonly kind: 'start'; readonly replicas: number }
  /** Tests the new version before it gets traffic. */
  | { readonly kind: 'smoke'; readonly tests: readonly SmokeTest[] }
  /** Gives the new version this share of new assignments, 0..1. */
  | { readonly kind: 'shift'; readonly share: number }
  /** Compares the versions until the new one is shown safe (go on) or harmful (go back); absence of evidence holds. */
  | { readonly kind: 'judge'; readonly step: number }
  /** Watches for harm for a time, ms, and goes on when none was found: no claim of safety is made. */
  | { readonly kind: 'watch'; readonly step: number; readonly forMs: number }
  /** Changes the replicas of the previous version. */
  | { readonly kind: 'shrink'; readonly replicas: number }
  /** Makes the new version the desired one; its replicas go on as they are. */
  | { readonly kind: 'promote' }
  /** Keeps the previous version ready until every other member of its fleet release has all its traffic, too. */
  | { readonly kind: 'together' }
  /** Keeps the previous version ready to take over again, ms. */
  | { readonly kind: 'keep-warm'; readonly forMs: number }
  /** Removes the previous version. */
  | { readonly kind: 'retire' }

/** What an instruction does, in a few words. */
export function describe(instruction: Instruction): string {
  const share = (value: number): string => `${Number((value * 100).toFixed(2))} %`
  switch (instruction.kind) {
    case 'approval':
      return `wait for ${instruction.approval.count} of ${instruction.approval.by.join(', ')}`
    case 'hooks':
      return `hooks ${instruction.when}`
    case 'migrate':
      return `migration ${instruction.job} (${instruction.stage}${instruction.irreversible ? ', irreversible' : ''})`
    case 'start':
      return `start ${instruction.replicas} of the new version`
    case 'smoke':
      return `${instruction.tests.length} smoke test${instruction.tests.length === 1 ? '' : 's'}`
    case 'shift':
      return `route ${share(instruction.share)} to the new version`
    case 'judge':
      return 'compare the versions'
    case 'watch':
      return `watch for harm for ${instruction.forMs / 1000} s`
    case 'shrink':
      return `keep ${instruction.replicas} of the previous version`
    case 'promote':
      return 'make the new version the stable one'
    case 'together':
      return 'keep the previous version warm until the whole group is through'
    case 'keep-warm':
      return `keep the previous version warm for ${instruction.forMs / 1000} s`
    case 'retire':
      return 'remove the previous version'
    default:
      return instruction satisfies never
  }
}
