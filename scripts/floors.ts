/**
 * Checks the floors of the house: a package imports only from lower floors, only through the other's `index.ts`, and
 * only what its package.json declares; pure rooms touch no file, process, network or clock. Exits 1 and names every forbidden import.
 */
import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { checkImports, type SourceFile } from './floors-rules.ts'

const root = new URL('..', import.meta.url).pathname

async function sources(): Promise<SourceFile[]> {
  const files: SourceFile[] = []
  for await (const path of glob('packages/*/src/**/*.{ts,tsx}', { cwd: root })) {
    files.push({ path, text: readFileSync(`${root}${path}`, 'utf8') })
  }
  return files.sort((a, b) => a.path.localeCompare(b.path))
}

const files = await sources()
const declared = new Map<string, ReadonlySet<string>>()
for await (const path of glob('packages/*/package.json', { cwd: root })) {
  const manifest = JSON.parse(readFileSync(`${root}${path}`, 'utf8')) as Record<
    string,
    Record<string, string> | undefined
  >
  const names = ['dependencies', 'peerDependencies', 'optionalDependencies'].flatMap((key) =>
    Object.keys(manifest[key] ?? {}),
  )
  declared.set(path.split('/')[1] ?? '', new Set(names))
}

const violations = checkImports(files, declared)
for (const violation of violations) {
  console.error(`${violation.path}:${violation.line}: ${violation.message}`)
}
console.log(`floors: ${files.length} files, ${violations.length} forbidden imports`)
process.exitCode = violations.length > 0 ? 1 : 0
