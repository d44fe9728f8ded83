import type { Derivation } from '../schema/node.ts'
import { writtenRate } from '../units/rate.ts'
import type { Scope } from './scope.ts'

type Fields = Readonly<Record<string, unknown>>

/**
 * The value that follows from others when a field is not written: `resolved` gives the object's fields that come
 * before it in the schema, `written` holds all of them as they were written. Undefined: the default applies, if there is one.
 */
export function derive(rule: Derivation, resolved: (key: string) => unknown, written: Fields, scope: Scope): unknown {
  switch (rule) {
    case 'variable-of-need':
      return variable((resolved('on') as { readonly name: string }).name)
    case 'environment-variable':
      scope.looked = true
      return `env:${variable(scope.name)}`
    case 'identifier':
      scope.looked = true
      return scope.name.replaceAll('-', '_').replace(/^(?=[0-9])/, '_')
    case 'fleet-name':
      scope.looked = true
      return scope.fleet
    case 'tokens-of-a-period':
      return Math.max(1, Math.ceil(writtenRate(written.limit)?.count ?? 1))
    case 'worker-without-port':
      return isWritten(written.port) || isWritten(written.hostPort) ? undefined : 'worker'
    case 'one-without-scale':
      return isWritten(written.scale) ? undefined : 1
    case 'build-context': {
      const build = resolved('build') as { readonly context: string } | undefined
      return build?.context ?? '.'
    }
    default:
      return rule satisfies never
  }
}

function isWritten(value: unknown): boolean {
  return value !== undefined && value !== null
}

/** `code-search` → `CODE_SEARCH`, fit for the name of a variable. */
function variable(name: string): string {
  return name
    .toUpperCase()
    .replaceAll('-', '_')
    .replace(/^(?=[0-9])/, '_')
}
