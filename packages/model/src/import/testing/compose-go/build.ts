import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the program lies once it is built: `node packages/model/src/import/testing/compose-go/build.ts`. */
export const composeGo: string = fileURLToPath(new URL('../../../../../../.cache/compose-go/config', import.meta.url))

if (import.meta.main) {
  mkdirSync(dirname(composeGo), { recursive: true })
  const { status } = spawnSync('go', ['build', '-o', composeGo, '.'], { cwd: import.meta.dirname, stdio: 'inherit' })
  process.exitCode = status ?? 1
}
