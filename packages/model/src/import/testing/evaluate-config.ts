import { fleet } from '../../author/fleet.ts'
import * as author from '../../author/parts.ts'
import type { FleetDocument } from '../../document.ts'

const makers: Readonly<Record<string, unknown>> = { ...author, fleet }

/** Evaluates the text of a config without a file. */
export function evaluateConfig(text: string): FleetDocument {
  const names = Object.keys(makers)
  const body = text.replace(/^import .*$/m, '').replace(/^export default /m, 'return ')
  return new Function(...names, body)(...names.map((name) => makers[name])) as FleetDocument
}
