import { mostBusy } from '@seaworthy/proof'
import type { RunAccount } from './run.ts'
import type { SubjectKind } from './subject.ts'

/** Why a subject did not come out as it must; undefined when it did. */
export function shortfall(kind: SubjectKind, account: RunAccount): string | undefined {
  const reason = difference(kind, account)
  const invalid = account.client.busy > mostBusy
  return reason !== undefined && invalid
    ? `${reason}; but the clients were the bottleneck: repeat it where they are not`
    : reason
}

function difference(kind: SubjectKind, account: RunAccount): string | undefined {
  const { expected, name } = kind
  if (expected.kind === 'clean') return account.clean ? undefined : `${name} must come out clean and did not`
  const found = Object.keys(account.violationCounts)
  if (account.clean) return `${name} must be convicted and was not: the harness is blind`
  const missing = expected.of.filter((one) => !found.includes(one))
  if (missing.length > 0) return `${name} must be convicted of ${missing.join(', ')} and was not`
  const wrong = found.filter((one) => !expected.of.includes(one))
  if (wrong.length > 0) return `${name} was convicted of ${wrong.join(', ')} too, which it does not do`
  return account.injected === undefined ? undefined : miscount(name, account.injected, account)
}

/** A fault that was injected and not found, or found and not injected. */
function miscount(name: string, injected: number, account: RunAccount): string | undefined {
  const again = account.clients.reduce((sum, client) => sum + (client.appliedAgain ?? 0), 0)
  const seen = Object.values(account.violationCounts).reduce((sum, count) => sum + count, 0) + again
  return seen === injected ? undefined : `${name} injected ${injected} faults and ${seen} were found`
}
