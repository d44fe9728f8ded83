import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { ClientLedger, Ledger } from './ledger.ts'

/** What reading a service's ledger found. */
export interface LedgerFileCounts {
  /** Lines whose id belongs to this run. */
  readonly matched: number
  /** Lines of other runs and other clients, such as health checks. */
  readonly foreign: number
  /** Lines that are no entry; a last line without its end, left by a kill within a write, is one. */
  readonly torn: number
}

/**
 * Reads the file that the services of a run appended applied ids to (`id<TAB>...` a line, one write a line, so that what was
 * applied before a SIGKILL is there) and notes each entry with its client, in place of what an earlier reading noted.
 */
export async function readLedgerFile(path: string, ledger: Ledger): Promise<LedgerFileCounts> {
  const clients = new Map<string, ClientLedger>(
    ledger.clients.map((client) => [`${ledger.run}.${client.options.name}`, client]),
  )
  for (const client of ledger.clients) client.forgetApplied()
  let [matched, foreign, torn] = [0, 0, 0]
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })
  for await (const line of lines) {
    const id = line.split('\t', 1)[0] ?? ''
    if (!line.includes('\t') || id === '') {
      torn += 1
      continue
    }
    const client = clients.get(id.slice(0, Math.max(0, id.lastIndexOf('.'))))
    const n = client?.numberOf(id)
    if (client === undefined || n === undefined) foreign += 1
    else {
      client.apply(n)
      matched += 1
    }
  }
  return { matched, foreign, torn }
}
