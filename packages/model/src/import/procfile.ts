/** One process type of a Procfile. */
export interface ProcfileEntry {
  readonly name: string
  readonly command: string
  /** From 1. */
  readonly line: number
}

/** Reads a Procfile: `name: command` a line, comments and blank lines left out. */
export function readProcfile(text: string): readonly ProcfileEntry[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const match = /^([A-Za-z0-9_-]+):\s*(.+)$/.exec(line.trim())
    return match && !line.trim().startsWith('#')
      ? [{ name: match[1] ?? '', command: match[2] ?? '', line: index + 1 }]
      : []
  })
}
