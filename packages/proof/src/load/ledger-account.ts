import type { DisturbanceRecord } from './disturbances.ts'
import { type ClientLedger, type Finding, type FindingKind, findingKinds, type Ledger, type Traffic } from './ledger.ts'
import type { LedgerFileCounts } from './ledger-file.ts'
import type { Policy } from './ledger-policy.ts'

/** One client's line of the account. */
export interface ClientAccount {
  readonly client: string
  readonly traffic: Traffic
  /** Ids given out. */
  readonly sent: number
  /** Ids with exactly one right answer. */
  readonly answeredOnce: number
  /** Sends that the client repeated by its own rules. */
  readonly resent: number
  readonly reconnected: number
  /** Ids that the service's ledger has exactly once; undefined where it does not keep them. */
  readonly appliedOnce: number | undefined
  /** Ids that it has more often, each because somebody was allowed to repeat it. */
  readonly appliedAgain: number | undefined
}

/** How the process fared in which the clients ran. */
export interface ClientState {
  /** Share (0..1) of the run in which its event loop was busy. Above `mostBusy` findings may be its own doing. */
  readonly busy: number
  /** The longest time for which it did not run at all, ms. */
  readonly stalledMs: number
}

/** A client process that is busier than this is a bottleneck, and what it found must not be held against anybody. */
export const mostBusy = 0.9

/** What a run came to. */
export interface Account {
  readonly kind: 'account'
  /** No violation, something was sent, and every disturbance that was planned was run. */
  readonly clean: boolean
  readonly clients: readonly ClientAccount[]
  readonly sent: number
  readonly answeredOnce: number
  /** Findings that no policy explains, at most `keptFindings` of each kind. */
  readonly violations: readonly Finding[]
  readonly violationCounts: Readonly<Partial<Record<FindingKind, number>>>
  /** Findings that a policy explains, counted by its name. */
  readonly explained: Readonly<Record<string, number>>
  /** These findings, at most `keptFindings` for each policy, so that an explanation can be checked. */
  readonly explainedFindings: readonly Finding[]
  /** When each disturbance was at work. */
  readonly timeline: readonly DisturbanceRecord[]
  readonly disturbances: Readonly<Record<string, number>>
  readonly plannedDisturbances: number
  /** Why the disturbances ended early, such as a replica that did not come back. */
  readonly failure: string | undefined
  readonly file: LedgerFileCounts
  readonly client: ClientState
  readonly elapsedMs: number
}

/** Violations of each kind that are kept one by one; all are counted. */
export const keptFindings = 100

/**
 * Holds what the clients saw against what the service wrote down. Every id must have exactly one right answer, and be applied
 * exactly once, or again only where that was allowed: by the gateway for an idempotent request, by the client as often as it sent it.
 */
export function reconcile(options: {
  readonly ledger: Ledger
  readonly file: LedgerFileCounts
  readonly policies: readonly Policy[]
  readonly disturbances: readonly DisturbanceRecord[]
  readonly plannedDisturbances: number
  readonly failure?: string | undefined
  readonly client: ClientState
  readonly elapsedMs: number
}): Account {
  const { ledger, policies, disturbances, elapsedMs } = options
  const violations: Finding[] = []
  const violationCounts: Partial<Record<FindingKind, number>> = {}
  const explained: Record<string, number> = {}
  const explainedFindings: Finding[] = []
  const judge = (finding: Finding): void => {
    const policy = policies.find((one) => one.explains(finding, disturbances))
    if (policy) {
      const count = (explained[policy.name] ?? 0) + 1
      explained[policy.name] = count
      if (count <= keptFindings) explainedFindings.push(finding)
      return
    }
    const count = (violationCounts[finding.kind] ?? 0) + 1
    violationCounts[finding.kind] = count
    if (count <= keptFindings) violations.push(finding)
  }
  const clients = ledger.clients.map((client) => accountOf(client, judge))
  const sum = (of: (one: ClientAccount) => number): number => clients.reduce((total, one) => total + of(one), 0)
  const counts: Record<string, number> = {}
  for (const { name } of disturbances) counts[name] = (counts[name] ?? 0) + 1
  const sent = sum((one) => one.sent)
  return {
    kind: 'account',
    clean:
      violations.length === 0 && sent > 0 && disturbances.length === options.plannedDisturbances && !options.failure,
    clients,
    sent,
    answeredOnce: sum((one) => one.answeredOnce),
    violations: violations.toSorted(
      (a, b) => findingKinds.indexOf(a.kind) - findingKinds.indexOf(b.kind) || a.from - b.from,
    ),
    violationCounts,
    explained,
    explainedFindings,
    timeline: disturbances,
    disturbances: counts,
    plannedDisturbances: options.plannedDisturbances,
    failure: options.failure,
    file: options.file,
    client: options.client,
    elapsedMs,
  }
}

function accountOf(client: ClientLedger, judge: (finding: Finding) => void): ClientAccount {
  const { name, traffic, idempotent, applied: kept } = client.options
  for (const finding of client.findings) judge(finding)
  let [answeredOnce, appliedOnce, appliedAgain] = [0, 0, 0]
  for (let n = 0; n < client.sent; n += 1) {
    const { answers, sends, applied, failed, from, to } = client.standing(n)
    const finding = (kind: FindingKind, detail: string): void =>
      judge({ kind, id: client.idOf(n), client: name, traffic, idempotent, from, to, detail })
    if (answers === 1) answeredOnce += 1
    if (answers > 1) finding('answered twice', `${answers} answers`)
    if (answers === 0 && !failed) finding('lost', 'neither answered nor failed: the client forgot it')
    if (!kept) continue
    if (applied === 1) appliedOnce += 1
    if (applied === 0 && answers > 0) finding('not applied', 'answered, but not in the ledger')
    if (applied <= 1) continue
    // Whoever stands between may repeat what is idempotent; the client's own repetitions are known.
    if (idempotent || applied <= sends) appliedAgain += 1
    else finding('applied twice', `applied ${applied} times, sent ${sends} times`)
  }
  const { sent, resent, reconnected } = client
  const own = { client: name, traffic, sent, answeredOnce, resent, reconnected }
  return { ...own, appliedOnce: kept ? appliedOnce : undefined, appliedAgain: kept ? appliedAgain : undefined }
}
