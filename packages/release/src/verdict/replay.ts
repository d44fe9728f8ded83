import { canonicalJson, Problem } from '@seaworthy/model'
import type { Batch } from './batch.ts'
import type { Decision } from './decision.ts'
import type { Rule } from './rule.ts'
import { beginVerdict, type VerdictState } from './state.ts'
import { advance, extend, step } from './step.ts'

/** One thing that happened to a verdict, in the order of the journal. */
export type VerdictEntry =
  | { readonly kind: 'batch'; readonly batch: Batch }
  | { readonly kind: 'advance' }
  | { readonly kind: 'extend'; readonly ms: number }

/** Everything that is needed to decide again: the rule as it was fixed, the counts with their shares, and what was decided. */
export interface VerdictEvidence {
  readonly kind: 'verdict-evidence'
  readonly version: 1
  readonly rule: Rule
  readonly entries: readonly VerdictEntry[]
  /** One decision per batch. */
  readonly decisions: readonly Decision[]
}

/** The state and the decisions that a rule and its entries lead to. Throws Problems as `beginVerdict` and `step` do. */
export function replay(
  rule: Rule,
  entries: readonly VerdictEntry[],
): { readonly state: VerdictState; readonly decisions: readonly Decision[] } {
  let state = beginVerdict(rule)
  const decisions: Decision[] = []
  for (const entry of entries) {
    switch (entry.kind) {
      case 'batch': {
        const taken = step(state, entry.batch)
        state = taken.state
        decisions.push(taken.decision)
        break
      }
      case 'advance':
        state = advance(state)
        break
      case 'extend':
        state = extend(state, entry.ms)
        break
      default:
        entry satisfies never
    }
  }
  return { state, decisions }
}

/** Decides the stored counts again and compares byte by byte. Throws a Problem (SW7903) at the first decision that differs. */
export function verifyEvidence(evidence: VerdictEvidence): VerdictState {
  const { state, decisions } = replay(evidence.rule, evidence.entries)
  const length = Math.max(decisions.length, evidence.decisions.length)
  for (let index = 0; index < length; index++) {
    const again = decisions[index]
    const stored = evidence.decisions[index]
    if (again !== undefined && stored !== undefined && canonicalJson(again) === canonicalJson(stored)) continue
    throw new Problem({
      code: 'SW7903',
      message:
        `Decision ${index + 1} of ${length} is stored as "${stored?.sentence ?? 'nothing'}", ` +
        `but its counts say "${again?.sentence ?? 'nothing'}".`,
      hint: 'Do not rely on this evidence; compare it with the journal that it was taken from.',
    })
  }
  return state
}
