import type { Disturbance, Policy } from '@seaworthy/proof'

/** What the clients of a run talk to, and what can be done to it while they do. */
export interface Subject extends AsyncDisposable {
  /** Where the clients connect, as `parseTarget` reads it. The test service's paths stand behind it. */
  readonly url: string
  /** The file that the services behind it append applied ids to. */
  readonly ledger: string
  readonly disturbances: readonly Disturbance[]
  /** Stated limits of what it promises. */
  readonly policies: readonly Policy[]
  /** What its users' clients are supposed to do; see `LedgerHttpClient`. */
  readonly resend: 'never' | 'idempotent'
  /** How many faults a control has injected so far: just as many must be found. */
  readonly injected?: () => Promise<number>
}

/** A subject that can be started. */
export interface SubjectKind {
  readonly name: string
  /** One sentence: what it is. */
  readonly what: string
  /** What the harness must say of it; a control that is to be convicted names the findings that must be among the reasons. */
  readonly expected: { readonly kind: 'clean' } | { readonly kind: 'convicted'; readonly of: readonly string[] }
  /** A control shows that the harness tells right from wrong; it is run briefly. */
  readonly control: boolean
  /** Why it cannot be run here; undefined when it can. */
  readonly unavailable?: () => string | undefined
  /** `directory` is an empty folder that is removed afterwards. */
  readonly start: (directory: string, seed: number) => Promise<Subject>
}
