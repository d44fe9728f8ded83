import { type Draft, type DraftPart, isDraftRef, referencesIn } from '../draft.ts'
import { listKeys } from '../fleet-of-draft.ts'
import { call, code, literal, printRemark, printText, printValue } from './literal.ts'
import { findShared, type Shared } from './shared.ts'
import { nameVariables } from './variable-names.ts'

/** The order in which a person writes the fields of a part. */
const fieldOrder: readonly string[] = [
  'description tier owner onCall runbook schema version database image build run cwd user port protocol ports hostPort',
  'routes health needs env replicas scale minAvailable cpu memory disk pids gpu place storage access maxMemory eviction',
  'persist maxConnections rollout migrations stop timeout retries breaker affinity protect network security schedule',
  'attempts concurrency backup kubernetes on',
].flatMap((line) => line.split(' '))

/** Writes a draft as the config that a person would have written: parts before what needs them, nothing said twice. */
export function printConfig(draft: Draft): string {
  const all = inOrder(draft.parts)
  const uses = countUses(all)
  const shared = findShared(all)
  const inlined = new Set(
    all.filter((part) => part.kind === 'secret' && uses.get(keyOf(part)) === 1 && !isShared(part, shared)),
  )
  const named = all.filter((part) => !inlined.has(part))
  const variables = nameVariables(
    named,
    shared.map((one) => one.name),
  )
  const byKey = new Map(all.map((part) => [keyOf(part), part]))

  const withReferences = (value: unknown): unknown => {
    if (isDraftRef(value)) {
      const part = byKey.get(keyOf(value))
      const variable = part && variables.get(part)
      if (variable) return code(variable)
      if (!part) throw new Error(`the draft speaks of ${value.kind} ${value.name}, which it does not have`)
      return call(part.kind, part.name, withReferences(part.spec))
    }
    if (Array.isArray(value)) return value.map(withReferences)
    if (typeof value === 'object' && value !== null)
      return literal(Object.entries(value).map(([key, item]) => [key, withReferences(item)]))
    return value
  }

  const sections: string[] = []
  const written = new Set<Shared>()
  for (const part of named) {
    for (const one of shared) {
      if (written.has(one) || !one.parts.has(part)) continue
      written.add(one)
      sections.push(`const ${one.name} = ${printValue(withReferences(one.value), 0, one.name.length + 9)}\n`)
    }
    sections.push(printPart(part, variables.get(part) ?? part.name, shared, withReferences))
  }
  const body = joined(sections)
  const end = printFleet(draft, named, uses, variables)
  const imported = [
    ...new Set([
      'fleet',
      ...all.map((part) => part.kind),
      ...(Object.keys(draft.environments).length > 0 ? ['environment'] : []),
    ]),
  ].sort()
  const head = `import { ${imported.join(', ')} } from 'seaworthy'\n`
  return [head, body, end].filter((text) => text !== '').join('\n')
}

function printPart(
  part: DraftPart,
  variable: string,
  shared: readonly Shared[],
  withReferences: (value: unknown) => unknown,
): string {
  const fields = Object.entries(part.spec)
    .sort(([a], [b]) => place(a) - place(b))
    .map(([key, value]) => [key, fieldValue(part, key, value, shared, withReferences)] as const)
  const { '': above = [], ...remarks } = part.remarks
  const open = part.kind === 'service' || part.kind === 'job' ? fields.length > 2 : false
  const spec = literal(fields, { remarks, open })
  const comments = above.flatMap((remark) => printRemark(remark, 0)).join('')
  return `${comments}const ${variable} = ${printValue(call(part.kind, part.name, spec), 0, `const ${variable} = `.length)}\n`
}

function fieldValue(
  part: DraftPart,
  key: string,
  value: unknown,
  shared: readonly Shared[],
  withReferences: (value: unknown) => unknown,
): unknown {
  const mine = shared.filter((one) => one.field === key && one.parts.has(part))
  const [whole] = mine
  if (!whole) return withReferences(value)
  if (key !== 'env') return code(whole.name)
  const common = new Set(mine.flatMap((one) => Object.keys(one.value as object)))
  const own = Object.entries(value as object).filter(([name]) => !common.has(name))
  if (own.length === 0 && mine.length === 1) return code(whole.name)
  return literal(
    own.map(([name, item]) => [name, withReferences(item)]),
    { spread: mine.map((one) => one.name) },
  )
}

function place(field: string): number {
  const index = fieldOrder.indexOf(field)
  return index < 0 ? fieldOrder.length : index
}

function printFleet(
  draft: Draft,
  named: readonly DraftPart[],
  uses: ReadonlyMap<string, number>,
  variables: ReadonlyMap<DraftPart, string>,
): string {
  const lists = Object.entries(listKeys).flatMap(([kind, key]) => {
    const listed = named.filter(
      (part) => part.kind === kind && (kind === 'service' || kind === 'job' || !uses.has(keyOf(part))),
    )
    const inFileOrder = draft.parts.filter((part) => listed.includes(part))
    return inFileOrder.length > 0
      ? [[key, inFileOrder.map((part) => code(variables.get(part) ?? part.name))] as const]
      : []
  })
  const environments = Object.entries(draft.environments).map(([name, spec]) => call('environment', name, spec))
  const fields = [...(environments.length > 0 ? [['environments', environments] as const] : []), ...lists]
  return `export default fleet(${printText(draft.name)}, ${printValue(literal(fields, { open: fields.length > 1 }), 0, 0)})\n`
}

function keyOf(part: { readonly kind: string; readonly name: string }): string {
  return `${part.kind} ${part.name}`
}

function countUses(parts: readonly DraftPart[]): ReadonlyMap<string, number> {
  const uses = new Map<string, number>()
  for (const part of parts)
    for (const reference of referencesIn(part.spec)) uses.set(keyOf(reference), (uses.get(keyOf(reference)) ?? 0) + 1)
  return uses
}

function isShared(part: DraftPart, shared: readonly Shared[]): boolean {
  return shared.some((one) => referencesIn(one.value).some((reference) => keyOf(reference) === keyOf(part)))
}

/** Resources first, then programs behind all that they need; otherwise in the order of the file. */
function inOrder(parts: readonly DraftPart[]): readonly DraftPart[] {
  const rank = (part: DraftPart): number =>
    ['machine', 'secret', 'postgres', 'redis', 'volume', 'external'].indexOf(part.kind) + 1 || 9
  const waiting = [...parts].sort((a, b) => rank(a) - rank(b))
  const done = new Set<string>()
  const ordered: DraftPart[] = []
  const known = new Set(parts.map(keyOf))
  const visit = (part: DraftPart, path: ReadonlySet<string>): void => {
    const key = keyOf(part)
    if (done.has(key) || path.has(key)) return
    for (const reference of referencesIn(part.spec)) {
      const target = known.has(keyOf(reference)) ? waiting.find((one) => keyOf(one) === keyOf(reference)) : undefined
      if (target) visit(target, new Set([...path, key]))
    }
    done.add(key)
    ordered.push(part)
  }
  for (const part of waiting) visit(part, new Set())
  return ordered
}

/** One-line constants stand together; what takes several lines stands apart. */
function joined(sections: readonly string[]): string {
  return sections
    .map((section, index) => {
      const before = sections[index - 1]
      const apart = before !== undefined && (lines(section) > 1 || lines(before) > 1)
      return apart ? `\n${section}` : section
    })
    .join('')
}

function lines(text: string): number {
  return text.trimEnd().split('\n').length
}
