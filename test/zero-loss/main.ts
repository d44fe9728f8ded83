/**
 * `npm run test:zero-loss [-- --subject NAME] [--disturbances N] [--short] [--seed N] [--scale X] [--json]`
 *
 * Uses each subject with constant-rate clients (HTTP keep-alive, new connections, uploads, WebSocket, server-sent events), every request with
 * an id of its own, while it is disturbed at random; then shows the account. Exits 1 when a subject did not come out as it must: real ones
 * clean, and the controls with a known fault convicted of it. docs/zero-loss.md says what clients may do and what counts as loss.
 */
import { parseArgs } from 'node:util'
import { type Account, formatAccount } from '@seaworthy/proof'
import { runZeroLoss } from './run.ts'
import type { SubjectKind } from './subject.ts'
import { subjects } from './subjects/index.ts'

/** Why a subject did not come out as it must; undefined when it did. */
export function shortfall(kind: SubjectKind, account: Account): string | undefined {
  if (kind.expected.kind === 'clean') return account.clean ? undefined : `${kind.name} must come out clean and did not`
  const found = Object.keys(account.violationCounts)
  if (account.clean) return `${kind.name} must be convicted and was not: the harness is blind`
  const missing = kind.expected.of.filter((one) => !found.includes(one))
  const wrong = kind.expected.of.length === 1 ? found.filter((one) => !kind.expected.of.includes(one)) : []
  if (missing.length > 0) return `${kind.name} must be convicted of ${missing.join(', ')} and was not`
  return wrong.length > 0 ? `${kind.name} was convicted of ${wrong.join(', ')} too, which it does not do` : undefined
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      subject: { type: 'string' },
      disturbances: { type: 'string' },
      seed: { type: 'string', default: '1' },
      scale: { type: 'string', default: '1' },
      short: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  const chosen = subjects.filter((kind) => values.subject === undefined || kind.name === values.subject)
  if (chosen.length === 0) {
    console.error(`There is no subject "${values.subject}". Subjects: ${subjects.map((kind) => kind.name).join(', ')}`)
    return 2
  }
  const faults: string[] = []
  for (const kind of chosen) {
    const reason = kind.unavailable?.()
    if (reason !== undefined) {
      console.error(`${kind.name}: skipped, ${reason}`)
      continue
    }
    const account = await runZeroLoss(kind, {
      seed: Number(values.seed),
      scale: Number(values.scale),
      disturbances: Number(values.disturbances ?? (values.short ? 60 : 1000)),
      timeoutMs: kind.expected.kind === 'convicted' ? 2000 : 15_000,
      seconds: 5,
      say: (line) => console.error(line),
    })
    console.log(
      values.json
        ? JSON.stringify({ subject: kind.name, expected: kind.expected, account })
        : `${formatAccount(`${kind.name} (${kind.what})`, account)}\n`,
    )
    const fault = shortfall(kind, account)
    if (fault !== undefined) faults.push(fault)
  }
  for (const fault of faults) console.error(`FAILED  ${fault}`)
  return faults.length === 0 ? 0 : 1
}

if (import.meta.main) process.exitCode = await main()
