import { type Document, LineCounter, parseDocument } from 'yaml'
import type { FleetDocument } from '../document.ts'
import { Problem } from '../problem.ts'
import { readDocument } from '../read/read-document.ts'
import { dataLocator } from './data-locator.ts'
import type { Position } from './script.ts'

/** A fleet read from YAML or JSON, and where its values stand. */
export interface LoadedData {
  readonly document: FleetDocument
  readonly locate: (path: string) => Position
}

/** Reads YAML (1.2, with merge keys) or JSON. Throws SW1021 with line and column when the text does not parse. */
export function loadData(text: string, file: string): LoadedData {
  const lines = new LineCounter()
  const json = file.endsWith('.json')
  const document = parseDocument(text.replace(/^\uFEFF/, ''), {
    lineCounter: lines,
    merge: !json,
    schema: json ? 'json' : 'core',
    prettyErrors: false,
    logLevel: 'silent',
  })
  const [error] = document.errors
  if (error) {
    const { line, col } = lines.linePos(error.pos[0])
    throw new Problem({
      code: 'SW1021',
      message: `the file is not valid ${json ? 'JSON' : 'YAML'}: ${error.message}`,
      where: { file, line, column: col },
      hint: hintFor(error.code),
      cause: error,
    })
  }
  return { document: readDocument(plainData(document, file)), locate: dataLocator(document, lines) }
}

/** The data of a document with its aliases followed; one that unfolds without measure is refused. */
function plainData(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 1000 })
  } catch (error) {
    const bomb = error instanceof Error && error.message.startsWith('Excessive alias count')
    throw new Problem({
      code: 'SW1021',
      message: `the file is not valid YAML: ${error instanceof Error ? error.message : String(error)}`,
      where: { file },
      hint: bomb ? 'write out what the aliases stand for' : hintFor('BAD_ALIAS'),
      cause: error,
    })
  }
}

function hintFor(code: string): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return 'the key stands twice in one object: put both together, or rename one'
    case 'BAD_INDENT':
      return 'indent the line like its neighbours, with spaces'
    case 'TAB_AS_INDENT':
      return 'indent with spaces, not with tabs'
    case 'BAD_ALIAS':
      return 'define the anchor (&name) above its use (*name)'
    case 'MULTILINE_IMPLICIT_KEY':
      return 'is a colon missing, or a space behind it?'
    default:
      return 'mend the line, or the one above it'
  }
}
