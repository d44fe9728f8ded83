import { nearest } from '../nearest.ts'
import { Problem, type Where } from '../problem.ts'
import { positionOf, scriptOf } from './script.ts'
import { framesOf, pathOf } from './stack.ts'

type Read = (file: string) => string | undefined

/** What an import threw, as a Problem at the line of the author's that led to it. */
export function problemOfImport(error: unknown, file: string, read: Read): Problem {
  if (!(error instanceof Error)) {
    return new Problem({
      code: 'SW1022',
      message: `the catalog threw ${typeof error === 'string' ? JSON.stringify(error) : String(error)}`,
      where: { file, ...lineOf(file, read, (text) => text === 'throw') },
      hint: 'throw nothing: what is wrong with a value is found when it is read',
      cause: error,
    })
  }
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') return notErasable(error, file)
  if (error instanceof SyntaxError) return syntaxProblem(error, file, read)
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'ERR_UNSUPPORTED_DIR_IMPORT') return importProblem(error, file, read)
  return thrown(error, file, read)
}

function notErasable(error: Error, file: string): Problem {
  const what = /TypeScript (.+?) is not supported/.exec(error.message)?.[1] ?? 'this syntax'
  const instead: Readonly<Record<string, string>> = {
    enum: "write a union of texts: type Tier = 'core' | 'support'",
    'namespace declaration': 'write a module of its own, or a plain object',
    'parameter property': 'declare the field and assign it in the constructor',
  }
  return new Problem({
    code: 'SW1023',
    message: `${what} cannot be erased: a catalog runs as it is, with its types taken out`,
    where: frameHead(error, file),
    hint: instead[what] ?? 'write it in plain JavaScript with types',
    cause: error,
  })
}

function syntaxProblem(error: SyntaxError, file: string, read: Read): Problem {
  const where = frameHead(error, file)
  const missing = /requested module '(.+?)' does not provide an export named '(.+?)'/.exec(error.message)
  if (missing) {
    const [, module = '', name = ''] = missing
    const own = module === 'seaworthy' || module === '@seaworthy/model'
    const near = nearest(name, own ? ownExports : exportsOf(module, where.file ?? file, read))
    return new Problem({
      code: 'SW1025',
      message: `\`${module}\` exports nothing called \`${name}\``,
      where,
      hint: near === undefined ? `see what ${module} exports` : `write ${near}`,
      cause: error,
    })
  }
  const twice = /^Identifier '(.+?)' has already been declared/.exec(error.message)?.[1]
  const place =
    where.line === undefined && twice !== undefined ? { file, ...secondDeclaration(file, twice, read) } : where
  return new Problem({
    code: 'SW1021',
    message: `the catalog does not parse: ${error.message}`,
    where: place,
    hint: syntaxHint(error.message, file, twice),
    cause: error,
  })
}

function syntaxHint(message: string, file: string, twice: string | undefined): string {
  if (twice !== undefined) return `give one of them another name than ${twice}`
  const asCommonJs = /import statement outside a module|Unexpected token 'export'/.test(message)
  if (asCommonJs && file.endsWith('.ts'))
    return 'call the file seaworthy.config.mts: the nearest package.json makes .ts CommonJS'
  return 'mend the line, or the one above it'
}

const ownExports = [
  'fleet',
  'service',
  'job',
  'postgres',
  'redis',
  'volume',
  'external',
  'secret',
  'machine',
  'environment',
  'escalation',
]

function exportsOf(module: string, from: string, read: Read): readonly string[] {
  if (!module.startsWith('.')) return []
  const source = read(pathOf(new URL(module, `file://${from}`).href)) ?? ''
  return [...source.matchAll(/export\s+(?:const|let|function|class)\s+([\w$]+)/g)].map(([, name]) => name ?? '')
}

function importProblem(error: Error, file: string, read: Read): Problem {
  const wanted = /Cannot find (?:module|package) '(.+?)'/.exec(error.message)?.[1] ?? ''
  const from = / imported from (.+)$/.exec(error.message)?.[1] ?? file
  const isPackage = error.message.startsWith('Cannot find package')
  const last = wanted.split('/').at(-1) ?? wanted
  const place = lineOf(
    from,
    read,
    (text) => /^['"]/.test(text) && text.slice(1, -1).endsWith(last.replace(/\.\w+$/, '')),
  )
  return new Problem({
    code: 'SW1025',
    message: `cannot find the ${isPackage ? 'package' : 'file'} ${wanted}`,
    where: { file: from, ...(place ?? lineOf(from, read, (text) => text.includes(last))) },
    hint: isPackage
      ? `npm install ${wanted
          .split('/')
          .slice(0, wanted.startsWith('@') ? 2 : 1)
          .join('/')}`
      : /\.\w+$/.test(last)
        ? 'mend the path; it starts at the importing file'
        : 'write the file’s extension, such as .mts or .ts',
    cause: error,
  })
}

function thrown(error: Error, file: string, read: Read): Problem {
  const frames = framesOf(error.stack)
  const where: Where = frames.find((frame) => isAuthors(frame.file, file)) ?? frames[0] ?? { file }
  const undefinedName = /^(.+?) is not defined/.exec(error.message)?.[1]
  const early = /^Cannot access '(.+?)' before initialization/.exec(error.message)?.[1]
  return new Problem({
    code: 'SW1022',
    message: `evaluating the catalog failed: ${error.message}`,
    where,
    hint: hintFor(error, where.file ?? file, undefinedName, early, read),
    cause: error,
  })
}

function hintFor(
  error: Error,
  file: string,
  missing: string | undefined,
  early: string | undefined,
  read: Read,
): string {
  if (early !== undefined) return `define ${early} above its use`
  if (missing === 'require') return 'write `import ... from ...`'
  if (missing !== undefined) {
    const words = scriptOf(read(file) ?? '').tokens.filter(({ kind, text }) => kind === 'word' && text !== missing)
    const near = nearest(missing, [...ownExports, ...new Set(words.map(({ text }) => text))])
    if (near !== undefined && ownExports.includes(near) && near === missing)
      return `import { ${missing} } from 'seaworthy'`
    if (near !== undefined) return `did you mean ${near}?`
    return `define ${missing}, or import it`
  }
  return error.cause instanceof Error ? `it began with: ${error.cause.message}` : 'mend what the line calls'
}

/** Whether a file is the author's: in the catalog's folder or beside it, and not an installed package. */
function isAuthors(file: string, catalog: string): boolean {
  return file === catalog || !file.includes('/node_modules/')
}

/** Node puts the place in front of the stack of a syntax error: `file:LINE`, the line, and a caret under the column. */
function frameHead(error: Error, otherwise: string): Where {
  const [head = '', ...rest] = (error.stack ?? '').split('\n')
  const match = /^(file:\/\/.+?)(?:\?.*?)?:(\d+)$/.exec(head)
  if (!match?.[1]) return { file: otherwise }
  const caret = rest.find((line) => /^\s*\^+\s*$/.test(line))
  return { file: pathOf(match[1]), line: Number(match[2]), ...(caret && { column: caret.indexOf('^') + 1 }) }
}

function lineOf(file: string, read: Read, isIt: (text: string) => boolean): Where | undefined {
  const script = scriptOf(read(file) ?? '')
  const token = script.tokens.find(({ text }) => isIt(text))
  return token && positionOf(script, token.at)
}

function secondDeclaration(file: string, name: string, read: Read): Where | undefined {
  const script = scriptOf(read(file) ?? '')
  const declared = script.tokens.filter(
    ({ text }, index) =>
      text === name &&
      ['const', 'let', 'var', 'function', 'class', ',', '{'].includes(script.tokens[index - 1]?.text ?? ''),
  )
  return declared[1] && positionOf(script, declared[1].at)
}
