/**
 * A program that writes what the controller writes and says after each step what is now safe: run by the crash-point
 * harness, which kills it at every system call. Arguments: the state directory, how to replace files (`whole` or
 * `naive`, the negative control).
 */
import { writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../machine/state/atomic-file.ts'
import { lockController } from '../machine/state/controller-lock.ts'
import { StateStore } from '../machine/state/state-store.ts'
import type { ReplicaRow } from '../supervisor/row.ts'

const [, , directory = '', manner = 'whole'] = process.argv
const rounds = 3

using _lock = lockController(directory)
using store = new StateStore(directory)

for (let round = 1; round <= rounds; round += 1) {
  // Long enough for a torn write to show.
  const content = JSON.stringify({ round, padding: 'x'.repeat(20_000) })
  const file = join(directory, 'snapshot.json')
  if (manner === 'naive') writeFileSync(file, content)
  else replaceFile(file, content)
  acknowledge('file', round)
  store.write({ desired: { round }, padding: 'y'.repeat(20_000) })
  acknowledge('document', round)
  store.commit({ replicas: new Map([['api-v1-0', row(round)]]), jobs: [jobRow(round)], forgotten: [] })
  acknowledge('rows', round)
}

/** One write of one line: what is on standard output was written after what it tells of. */
function acknowledge(what: string, round: number): void {
  writeSync(1, `${what} ${round}\n`)
}

function row(restarts: number): ReplicaRow {
  return {
    id: 'api-v1-0',
    unit: 'api@v1',
    slot: 0,
    restarts,
    outOfMemory: 0,
    hangs: 0,
    failedStarts: 0,
    failures: 0,
    phase: 'idle',
  }
}

function jobRow(attempt: number): Parameters<StateStore['commit']>[0]['jobs'][number] {
  return { run: { key: 'migrate', job: 'migrate', needs: [], attempts: 9, timeout: 1000 }, attempt, phase: 'waiting' }
}
