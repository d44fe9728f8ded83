import type { Notes } from '../note.ts'
import type { SourceFiles } from '../source-files.ts'

/** Notes Compose files that lie beside those that are read: they hold what differs between environments. */
export function otherComposeFiles(files: SourceFiles, read: readonly string[], notes: Notes): void {
  const names = files.list('.').filter((name) => /^(docker-)?compose([.-][\w.-]+)?\.ya?ml$/.test(name))
  for (const name of names) {
    if (read.includes(name)) continue
    notes.guessed(
      { file: name, line: 1 },
      name,
      `${name} was not read`,
      read.length === 0
        ? `Read it: \`seaworthy import compose ${name}\`.`
        : `What it changes belongs under \`on: { NAME: { ... } }\`; to read it over the others: \`seaworthy import compose ${[...read, name].join(' ')}\`.`,
    )
  }
}
