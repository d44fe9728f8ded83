import type { DisturbanceRecord } from './disturbances.ts'
import type { Finding, FindingKind, Traffic } from './ledger.ts'

/** A stated limit of what a system promises: findings that it explains are counted by name instead of as violations. */
export interface Policy {
  /** A sentence that a user of the system would accept. */
  readonly name: string
  readonly explains: (finding: Finding, disturbances: readonly DisturbanceRecord[]) => boolean
}

/**
 * A policy that explains findings only while a named disturbance was at work: what was lost must have become known between the
 * disturbance's start and `afterMs` after its end, or `withinMs` after its harm was done where that is given. Whatever else is not given does
 * not matter.
 */
export function whileDisturbed(options: {
  readonly name: string
  /** Names of disturbances. */
  readonly by: readonly string[]
  readonly findings: readonly FindingKind[]
  readonly traffic?: readonly Traffic[]
  readonly idempotent?: boolean
  /** Part of the finding's detail, such as a status or an error. */
  readonly detail?: RegExp
  /** Default 0. */
  readonly afterMs?: number
  /** For a disturbance that does its harm first and then waits until all is well again; counted from its start where it notes no harm. */
  readonly withinMs?: number
}): Policy {
  const { name, by, findings, traffic, idempotent, detail, afterMs = 0, withinMs } = options
  const covers = ({ from, to, harmedAt = from }: DisturbanceRecord, at: number): boolean =>
    at >= from && at <= (withinMs === undefined ? to + afterMs : harmedAt + withinMs)
  return {
    name,
    explains: (finding, disturbances) =>
      findings.includes(finding.kind) &&
      (traffic === undefined || traffic.includes(finding.traffic)) &&
      (idempotent === undefined || idempotent === finding.idempotent) &&
      (detail === undefined || detail.test(finding.detail)) &&
      disturbances.some((one) => by.includes(one.name) && covers(one, finding.to)),
  }
}
