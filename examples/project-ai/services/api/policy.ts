/** Bounds on the risk of one action. */
export interface PolicyRule {
  /** Below it the request goes through. */
  readonly allowBelow: number
  /** Above it the request is refused; between the two a person decides. */
  readonly denyAbove: number
}

export type Outcome = 'allowed' | 'denied' | 'needs-approval'

/** What a rule says of a request of a given risk. */
export function judge(risk: number, rule: PolicyRule): { readonly outcome: Outcome; readonly reason: string } {
  const shown = risk.toFixed(3)
  if (risk < rule.allowBelow) return { outcome: 'allowed', reason: `risk ${shown} is below ${rule.allowBelow}` }
  if (risk > rule.denyAbove) return { outcome: 'denied', reason: `risk ${shown} is above ${rule.denyAbove}` }
  return { outcome: 'needs-approval', reason: `risk ${shown} lies between ${rule.allowBelow} and ${rule.denyAbove}` }
}
