/** A file of a package, by its path from the repository's root. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** An import (or a use of the outside world in a pure room) that the architecture forbids. */
export interface Violation {
  readonly path: string
  readonly line: number
  readonly message: string
}

/** The floors, from the ground up; a package may import from floors below its own. */
export const floors: readonly (readonly string[])[] = [
  ['model'],
  ['gateway', 'telemetry', 'runtime', 'render'],
  ['engine', 'vault'],
  ['release'],
  ['proof'],
  ['cli', 'dashboard'],
]

/** Rooms without clock, file, process or network; paths from the root, as prefixes. */
export const pureRooms: readonly string[] = [
  'packages/model/src/import/',
  'packages/model/src/rules/',
  'packages/model/src/schema/',
  'packages/render/src/',
  'packages/release/src/verdict/',
]

const purelyAllowed = new Set(['node:crypto', 'node:assert', 'node:util', 'node:path'])
const importPattern =
  /(?:^|\n)\s*import\s*['"]([^'"\n]+)['"]|(?:^|\n)\s*(?:import|export)\b[^'"\n;=]*?\bfrom\s*['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]|(?:^|\n)\}\s*from\s*['"]([^'"\n]+)['"]/g
const impurePattern =
  /\b(?:Date\.now\(|Math\.random\(|performance\.now\(|process\.(?!features)|fetch\(|setTimeout\(|setInterval\(|new Date\(\))/

function floorOf(name: string): number {
  return floors.findIndex((floor) => floor.includes(name))
}

function packageNamed(specifier: string): string | undefined {
  if (specifier === 'seaworthy' || specifier.startsWith('seaworthy/')) return 'cli'
  return /^@seaworthy\/([^/]+)/.exec(specifier)?.[1]
}

function importsOf(text: string): { specifier: string; line: number }[] {
  return [...text.matchAll(importPattern)].map((match) => ({
    specifier: match[1] ?? match[2] ?? match[3] ?? match[4] ?? '',
    line: text.slice(0, match.index + match[0].length).split('\n').length,
  }))
}

/** Every forbidden import of the given files; `declared` holds each package's declared dependencies. */
export function checkImports(
  files: readonly SourceFile[],
  declared: ReadonlyMap<string, ReadonlySet<string>>,
): Violation[] {
  return files.flatMap((file) => {
    const own = file.path.split('/')[1] ?? ''
    const isTest = /\.test\.ts$|\/fixtures\/|\/testing\//.test(file.path)
    const pure = !isTest && pureRooms.some((room) => file.path.startsWith(room))
    const say = (line: number, message: string): Violation => ({ path: file.path, line, message })
    const found: Violation[] = []
    if (floorOf(own) < 0) found.push(say(1, `package ${own} stands on no floor: name it in scripts/floors-rules.ts`))
    for (const { specifier, line } of importsOf(file.text)) {
      const other = packageNamed(specifier)
      if (other && other !== own) {
        if (floorOf(other) >= floorOf(own))
          found.push(say(line, `${own} may not import ${specifier}: it does not stand on a lower floor`))
        else if (specifier.split('/').length > 2)
          found.push(say(line, `${specifier}: import @seaworthy/${other} through its index, not a file inside it`))
        else if (!declared.get(own)?.has(specifier))
          found.push(say(line, `${specifier} is not in packages/${own}/package.json`))
      } else if (specifier.startsWith('.')) {
        const target = new URL(specifier, `file:///${file.path}`).pathname.slice(1)
        if (!isTest && !target.startsWith(`packages/${own}/`))
          found.push(say(line, `${specifier} leaves the package: import another one through its name`))
      } else if (pure && specifier.startsWith('node:') && !purelyAllowed.has(specifier)) {
        found.push(say(line, `${specifier} in a pure room: pass what it gives in as a parameter`))
      }
    }
    if (pure) {
      file.text.split('\n').forEach((text, index) => {
        const code = text.replace(/\/\/.*$|^\s*\*.*$|(['"`]).*?\1/g, '')
        const use = impurePattern.exec(code)?.[0]
        if (use)
          found.push(
            say(index + 1, `${use.trim()} in a pure room: pass the clock, the chance or the process in as a parameter`),
          )
      })
    }
    return found
  })
}
