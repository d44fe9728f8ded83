/**
 * `npm run test:zero-loss [-- --subject NAME] [--disturbances N] [--short] [--seed N] [--scale X] [--json]`
 *
 * Uses each subject with constant-rate clients (HTTP keep-alive, new connections, uploads, WebSocket, server-sent events), every request with
 * an id of its own, while it is disturbed at random; then shows the account. Exits 1 when a subject did not come out as it must: real ones
 * clean, and the controls with a known fault convicted of it. docs/zero-loss.md says what clients may do and what counts as loss.
 */
import { parseArgs } from 'node:util'
import { formatAccount } from '@seaworthy/proof'
import { shortfall } from './expectation.ts'
import { runZeroLoss } from './run.ts'
import { subjects } from './subjects/index.ts'

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
      disturbances: Number(values.disturbances ?? (kind.control ? 20 : values.short ? 60 : 1000)),
      timeoutMs: kind.expected.kind === 'convicted' ? 2000 : 15_000,
      seconds: kind.control ? 3 : 5,
      say: (line) => console.error(line),
    })
    console.log(
      values.json
        ? JSON.stringify({ subject: kind.name, expected: kind.expected, account })
        : `${formatAccount(`${kind.name} (${kind.what})`, account, kind.expected.kind === 'convicted' ? 3 : 20)}\n`,
    )
    const fault = shortfall(kind, account)
    if (fault !== undefined) faults.push(fault)
  }
  for (const fault of faults) console.error(`FAILED  ${fault}`)
  return faults.length === 0 ? 0 : 1
}

if (import.meta.main) process.exitCode = await main()
