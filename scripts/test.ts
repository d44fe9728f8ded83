/** `npm test`: installs what the tests use where it can, then runs them. Arguments go to Vitest. */
import { spawnSync } from 'node:child_process'
import { installMissing, testPackages } from './machine-packages.ts'

installMissing(testPackages)
const run = spawnSync('vitest', ['run', ...process.argv.slice(2)], { stdio: 'inherit', shell: false })
process.exitCode = run.status ?? 1
