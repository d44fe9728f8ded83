import type { PathStep } from '../catalog-path.ts'
import type { Context } from './context.ts'

/** One place where a fleet breaks a rule. */
export interface Fault {
  /** Steps to the value that must change, in the resolved fleet. */
  readonly path: readonly PathStep[]
  /** One sentence: what was expected and what was found. */
  readonly message: string
  /** The way out, with numbers where there are any. */
  readonly hint: string
}

/** A refusal stops everything: it cannot be true. A warning may be accepted for a while by a silence. */
export type Severity = 'refusal' | 'warning'

/** A claim about a resolved fleet in one environment that reading the catalog alone can refute. */
export interface Rule {
  /** `SW1xxx` for refusals, `SW2xxx` for warnings; stable across versions. */
  readonly code: string
  readonly severity: Severity
  readonly title: string
  /** What it means and the way out, one or two sentences. */
  readonly meaning: string
  /** Whether it is a fault only where it is one in every environment. */
  readonly everywhere?: true
  /** Every place where the fleet breaks it; a pure function. */
  readonly check: (context: Context) => Iterable<Fault>
}

type RuleRow = Omit<Rule, 'severity'>

/** A rule whose breach cannot be true. */
export function refusal(row: RuleRow): Rule {
  return { ...row, severity: 'refusal' }
}

/** A rule whose breach is true often enough to be said, and may be accepted for a while. */
export function warning(row: RuleRow): Rule {
  return { ...row, severity: 'warning' }
}
