import { createHash } from 'node:crypto'
import { canonicalJson as canonical, type Service } from '@seaworthy/model'

/** The fields of a service that a process is started from; a change of any other is taken over without a restart. */
const startedFrom = [
  'run',
  'build',
  'image',
  'cwd',
  'user',
  'env',
  'needs',
  'cpu',
  'memory',
  'disk',
  'pids',
  'gpu',
  'port',
  'ports',
  'protocol',
  'hostPort',
  'storage',
  'security',
] as const satisfies readonly (keyof Service)[]

/** Name of a version made from a spec when nobody gave one: seven hex digits of what its processes are started from. */
export function versionName(spec: Service): string {
  const part = startedFrom.map((field) => [field, spec[field] ?? null])
  return createHash('sha256').update(canonical(part)).digest('hex').slice(0, 7)
}

/** Fields, one level into records, in which two specs differ; `started` alone or all of them. */
export function differences(from: Service, to: Service, which: 'started' | 'other'): readonly string[] {
  const fields = new Set([...Object.keys(from), ...Object.keys(to)]) as Set<keyof Service>
  const started = new Set<keyof Service>(startedFrom)
  const found: string[] = []
  for (const field of fields) {
    if (field === 'name' || field === 'replicas' || (which === 'started') !== started.has(field)) continue
    const [a, b] = [from[field], to[field]]
    if (same(a, b)) continue
    if (isRecord(a) && isRecord(b)) {
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
        if (!same(a[key], b[key])) found.push(`${field}.${key}`)
      }
    } else found.push(field)
  }
  return found
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function same(a: unknown, b: unknown): boolean {
  return canonical(a ?? null) === canonical(b ?? null)
}
