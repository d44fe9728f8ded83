import type { Where } from '../problem.ts'
import type { Severity } from './rule.ts'

/** One place where a fleet breaks a rule, or where its catalog could not be read. */
export interface Finding {
  readonly code: string
  readonly severity: Severity
  readonly title: string
  /** One sentence: what was expected and what was found. */
  readonly message: string
  /** Catalog path, such as `services.api.slo.availability`. */
  readonly path: string
  /** File, line and column, as far as they are known. */
  readonly where: Where
  /** The way out. */
  readonly hint: string
  /** Environments in which it is so, in the catalog's order; empty for what was found before any was looked at. */
  readonly environments: readonly string[]
}

/** A warning that someone accepted for a while. */
export interface SilencedFinding extends Finding {
  /** Why. */
  readonly reason: string
  /** Day from which it is heard again, ISO 8601. */
  readonly until: string
  /** Catalog path of the silence. */
  readonly by: string
}
