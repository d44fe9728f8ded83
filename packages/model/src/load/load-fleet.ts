import { readFileSync, statSync } from 'node:fs'
import { dirname, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type FleetDocument, notesOf } from '../document.ts'
import { Problem, type ProblemDetails, type Where } from '../problem.ts'
import { catalogFile } from './catalog-file.ts'
import { collapse } from './collapse.ts'
import { loadScript } from './load-script.ts'
import { scriptLocator } from './script-locator.ts'

/** A fleet as it was loaded from a file. */
export interface LoadedFleet {
  readonly document: FleetDocument
  /** Absolute path of the catalog. */
  readonly file: string
  /** The catalog's folder, where its relative paths start. */
  readonly folder: string
  /** All that is wrong with the shape and values of the document, with file and line. */
  readonly problems: readonly ProblemDetails[]
  /** Where a catalog path such as `services.api.slo` is written; the nearest place above it when it is not. */
  readonly locate: (path: string) => Where
}

/** The outside world as loading sees it. */
export interface LoadOptions {
  /** Folder that file names in problems are relative to. */
  readonly cwd?: string
  /** Source of a file; undefined when it cannot be read. */
  readonly read?: (file: string) => string | undefined
  /** Longest evaluation of a script, in ms. */
  readonly timeout?: number
}

/**
 * Loads `seaworthy.config.mts`, `seaworthy.yaml` or `seaworthy.json` from a file or a folder. Throws a Problem when
 * there is no catalog or it cannot be evaluated; what is wrong with its values is in `problems`, all of it.
 */
export async function loadFleet(path: string, options: LoadOptions = {}): Promise<LoadedFleet> {
  const file = catalogFile(path)
  const { cwd = process.cwd(), read = readSource } = options
  const named = (where: Where): Where =>
    where.file === undefined ? where : { ...where, file: displayed(where.file, cwd) }
  try {
    const { document, locate } = await loadAny(file, read, options.timeout)
    const place = (at: string): Where => ({ ...named({ file, ...locate(at) }), path: at })
    const placed = notesOf(document).problems.map((problem) => ({
      ...problem,
      where: place(problem.where?.path ?? ''),
    }))
    return Object.freeze({ document, file, folder: dirname(file), problems: collapse(placed), locate: place })
  } catch (error) {
    if (!(error instanceof Problem) || !error.where) throw error
    throw new Problem({
      ...error.toJSON(),
      where: named(error.where),
      ...(error.cause !== undefined && { cause: error.cause }),
    })
  }
}

async function loadAny(
  file: string,
  read: (file: string) => string | undefined,
  timeout: number | undefined,
): Promise<{ readonly document: FleetDocument; readonly locate: (path: string) => Where | undefined }> {
  if (/\.(ya?ml|json)$/.test(file)) {
    const text = read(file)
    if (text === undefined) throw new Problem({ code: 'SW1020', message: `${file} cannot be read`, where: { file } })
    // Only who writes YAML or JSON pays for loading the parser.
    const { loadData } = await import('./load-data.ts')
    return loadData(text, file)
  }
  const state = statSync(file)
  const version = `${state.mtimeMs}-${state.size}`
  const document = await loadScript(file, { read, version, ...(timeout !== undefined && { timeout }) })
  const ours = fileURLToPath(new URL('..', import.meta.url))
  const isAuthors = (candidate: string): boolean => !candidate.startsWith(ours) && !candidate.includes('/node_modules/')
  return { document, locate: scriptLocator(notesOf(document).origins, isAuthors, read) }
}

function readSource(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** Relative to where the author stands, when it is below. */
function displayed(file: string, cwd: string): string {
  const near = relative(cwd, file)
  return near.startsWith(`..${sep}`) || near === '..' ? file : near
}
