/** Where a problem stands: a file with a line and column (both from 1), a path in the catalog, or both. */
export interface Where {
  readonly file?: string
  readonly line?: number
  readonly column?: number
  /** Catalog path, such as `services.api.slo.availability`. */
  readonly path?: string
}

/** What a problem carries besides its message. */
export interface ProblemDetails {
  /** A code that stands in the owning package's table, such as `SW1003`; stable across versions. */
  readonly code: string
  /** One sentence: what was expected and what was found. */
  readonly message: string
  readonly where?: Where
  /** How to mend it: an instruction, not a repetition of the message. */
  readonly hint?: string
  readonly cause?: unknown
}

/** The one error type of Seaworthy: what went wrong, where, and how to mend it. */
export class Problem extends Error {
  readonly code: string
  readonly where: Where | undefined
  readonly hint: string | undefined

  constructor(details: ProblemDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'Problem'
    this.code = details.code
    this.where = details.where
    this.hint = details.hint
  }

  /** The same facts as plain data, for `--json`. */
  toJSON(): Omit<ProblemDetails, 'cause'> {
    return {
      code: this.code,
      message: this.message,
      ...(this.where && { where: this.where }),
      ...(this.hint && { hint: this.hint }),
    }
  }
}

/** One row of a package's table of codes; the reference page is made from these tables. */
export interface ProblemCode {
  readonly code: string
  readonly title: string
  /** What it means and the way out, one or two sentences. */
  readonly meaning: string
}

/** `file:line:column`, as far as it is known; an empty string when nothing is. */
export function formatWhere(where: Where | undefined): string {
  if (!where) return ''
  const position = [where.file, where.line, where.column].filter((part) => part !== undefined).join(':')
  return [position, where.path].filter(Boolean).join(' ')
}

/** A problem as a person reads it: message, place and way out, a line each. */
export function formatProblem(problem: ProblemDetails): string {
  const where = formatWhere(problem.where)
  return [
    `${problem.code}: ${problem.message}`,
    ...(where ? [`  at ${where}`] : []),
    ...(problem.hint ? [`  ${problem.hint}`] : []),
  ].join('\n')
}
