import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { type FleetDocument, isDocument } from '../document.ts'
import { isPlainObject } from '../json-value.ts'
import { Problem } from '../problem.ts'
import { foundOf } from '../read/expectation.ts'
import { readDocument } from '../read/read-document.ts'
import { type ImportModule, nativeImport } from './native-import.ts'
import { positionOf, scriptOf } from './script.ts'
import { problemOfImport } from './script-problem.ts'

/** How a script is evaluated. */
export interface LoadScriptOptions {
  /** Source of a file; undefined when it cannot be read. */
  readonly read: (file: string) => string | undefined
  /** Longest evaluation, in ms. */
  readonly timeout?: number
  /** Tells one state of the file from another, so that a changed file is evaluated anew. */
  readonly version?: string
  /** URL of the module that stands for `seaworthy` where the author's folder has none installed. */
  readonly ownModule?: string
  readonly importModule?: ImportModule
}

const ownNames = new Set(['seaworthy', '@seaworthy/model'])

/** Evaluates `seaworthy.config.mts` and returns the fleet that it exports. Throws a Problem at the author's line. */
export async function loadScript(file: string, options: LoadScriptOptions): Promise<FleetDocument> {
  const importModule = options.importModule ?? (await nativeImport())
  const ownModule = options.ownModule ?? ownIndex()
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (!ownNames.has(specifier)) return next(specifier, context)
      try {
        return next(specifier, context)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
        return { url: ownModule, shortCircuit: true }
      }
    },
  })
  const url = pathToFileURL(file)
  if (options.version !== undefined) url.searchParams.set('version', options.version)
  try {
    const module = await inTime(importModule(url.href), file, options.timeout ?? 10_000)
    return exportedFleet(module, file, options)
  } catch (error) {
    throw error instanceof Problem && error.code.startsWith('SW102')
      ? error
      : problemOfImport(error, file, options.read)
  } finally {
    hooks.deregister()
  }
}

/** This package's entry: TypeScript in a clone, JavaScript where it is installed. */
function ownIndex(): string {
  return new URL(import.meta.url.endsWith('.ts') ? '../index.ts' : '../index.js', import.meta.url).href
}

async function inTime<T>(evaluation: Promise<T>, file: string, timeout: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    const message = `the catalog is still being evaluated after ${timeout / 1000} s`
    reject(
      new Problem({
        code: 'SW1022',
        message,
        where: { file },
        hint: 'take out what it awaits: a catalog is plain data',
      }),
    )
  }, timeout)
  try {
    return await Promise.race([evaluation, promise])
  } finally {
    clearTimeout(timer)
  }
}

function exportedFleet(
  module: { readonly default?: unknown },
  file: string,
  options: LoadScriptOptions,
): FleetDocument {
  const value = module.default
  if (isDocument(value)) return value
  if (isPlainObject(value) && 'name' in value) return readDocument(value)
  const where = { file, ...lineOfExport(options.read(file) ?? '') }
  if (!('default' in module)) {
    const names = Object.keys(module)
    const [only] = names.filter((name) => isDocument((module as Readonly<Record<string, unknown>>)[name]))
    throw new Problem({
      code: 'SW1024',
      message:
        names.length > 0 ? `the catalog exports ${names.join(', ')}, but no default` : 'the catalog exports nothing',
      where,
      hint: only === undefined ? 'end it with `export default fleet(...)`' : `write \`export default ${only}\``,
    })
  }
  const isPromise = value instanceof Promise
  const isFunction = typeof value === 'function'
  throw new Problem({
    code: 'SW1024',
    message: `expected the default export to be what fleet(...) returns, found ${foundOf(value)}`,
    where,
    hint: isPromise
      ? 'write `export default await ...`, or better: keep what must be awaited out of the catalog'
      : isFunction
        ? 'export the fleet, not a function that makes it: differences between environments go into `on`'
        : 'write `export default fleet(...)`',
  })
}

function lineOfExport(source: string): { readonly line?: number; readonly column?: number } {
  const script = scriptOf(source)
  const index = script.tokens.findIndex(
    ({ text }, at) => text === 'export' && script.tokens[at + 1]?.text === 'default',
  )
  const token = script.tokens[index]
  return token ? positionOf(script, token.at) : {}
}
