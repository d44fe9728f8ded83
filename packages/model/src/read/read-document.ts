import { documentWith, type FleetDocument } from '../document.ts'
import { isPlainObject } from '../json-value.ts'
import { fleet as fleetNode } from '../schema/fleet.ts'
import { readValue } from './read-value.ts'
import { refusedValue, startReading } from './reading.ts'
import { settle } from './settle.ts'

/**
 * Reads an untrusted value, such as parsed YAML or JSON, as a fleet. Never throws: all that is wrong is noted in the
 * document (`problemsOf`), and what was wrong is left out of it.
 */
export function readDocument(value: unknown): FleetDocument {
  const reading = startReading()
  const read = readValue(fleetNode, withoutSchemaKey(value), reading)
  const content = read === refusedValue ? { name: 'fleet' } : (read as Readonly<Record<string, unknown>>)
  const whole = { schema: 1, ...content }
  settle(whole, isPlainObject(value) ? value : {}, reading)
  return documentWith(whole, { problems: Object.freeze(reading.problems), origins: new Map() })
}

/** `$schema` is for editors and no part of a fleet. */
function withoutSchemaKey(value: unknown): unknown {
  if (!isPlainObject(value) || typeof value.$schema !== 'string') return value
  const { $schema: _, ...rest } = value
  return rest
}
