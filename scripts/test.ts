/** `npm test`: installs what the tests use where it can, runs them, and ends with a line of counts. Arguments go to Vitest. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installMissing, testPackages } from './machine-packages.ts'

installMissing(testPackages)
const folder = mkdtempSync(join(tmpdir(), 'seaworthy-test-'))
const report = join(folder, 'report.json')
const run = spawnSync(
  'vitest',
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)],
  { stdio: 'inherit' },
)
try {
  const counts = JSON.parse(readFileSync(report, 'utf8')) as Record<
    'numPassedTests' | 'numFailedTests' | 'numPendingTests',
    number
  >
  console.log(`${counts.numPassedTests} passed, ${counts.numFailedTests} failed, ${counts.numPendingTests} skipped`)
} catch {
  console.log('the tests ended without a report')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = run.status ?? 1
