import { formatPath, type PathStep } from './catalog-path.ts'
import { type FleetDocument, isDocument, problemsOf } from './document.ts'
import type { ProblemDetails, Where } from './problem.ts'
import { problemCodes } from './problem-codes.ts'
import { environmentsOf, resolver } from './resolve/resolve.ts'
import { withoutBroken } from './rules/broken-parts.ts'
import { openCalendar } from './rules/calendar.ts'
import { type Context, contextOf } from './rules/context.ts'
import type { Finding, SilencedFinding } from './rules/finding.ts'
import type { Fault, Rule } from './rules/rule.ts'
import { rules } from './rules/rules.ts'
import { type PlacedSilence, silenceFor, silencesOf } from './rules/silence.ts'

/** A fleet to check: what `loadFleet` returns, or a document alone. */
export type Checkable =
  | FleetDocument
  | {
      readonly document: FleetDocument
      /** What was wrong in reading it, with file and line; the document's own notes when absent. */
      readonly problems?: readonly ProblemDetails[]
      /** Where a catalog path is written. */
      readonly locate?: (path: string) => Where
    }

/** How a fleet is checked. */
export interface CheckOptions {
  /** Checks this environment only; all of them when absent. */
  readonly environment?: string
  /** The day of the check, ISO 8601: silences, sunsets and exceptions are measured by it. */
  readonly today: string
}

/** What checking a fleet found. */
export interface CheckReport {
  /** What cannot be true, and what could not be read. Nothing is done with a fleet that has any. */
  readonly refusals: readonly Finding[]
  /** What should be mended; none while the catalog cannot be read as a whole. */
  readonly warnings: readonly Finding[]
  /** Warnings that were accepted for a while. */
  readonly silenced: readonly SilencedFinding[]
  /** Environments that were looked at. */
  readonly environments: readonly string[]
  /** Number of rules that were asked. */
  readonly rules: number
}

/**
 * Checks a fleet against every rule in every environment. Findings that are alike in several environments are one that
 * lists them. Throws SW1011 when there is no such environment.
 */
export function check(fleet: Checkable, { environment, today }: CheckOptions): CheckReport {
  const { document, problems, locate } = opened(fleet)
  const environments = environment === undefined ? environmentsOf(document) : [environment]
  const found = gather(document, environments, today)
  const place = (path: string): Where => locate?.(path) ?? { path }
  const refusals = problems.map(unreadable)
  const warnings: Finding[] = []
  const silenced: SilencedFinding[] = []
  for (const { rule, fault, environments: names, silence } of found.values()) {
    const path = formatPath(fault.path)
    const finding: Finding = {
      code: rule.code,
      severity: rule.severity,
      title: rule.title,
      message: fault.message,
      path,
      where: place(path),
      hint: fault.hint,
      environments: names,
    }
    if (silence) {
      const { reason, until } = silence.silence
      silenced.push({ ...finding, reason, until, by: formatPath(silence.path) })
    } else if (rule.severity === 'refusal') refusals.push(finding)
    else if (problems.length === 0) warnings.push(finding)
  }
  return { refusals, warnings, silenced, environments, rules: rules.length }
}

function opened(fleet: Checkable): {
  readonly document: FleetDocument
  readonly problems: readonly ProblemDetails[]
  readonly locate: ((path: string) => Where) | undefined
} {
  if (isDocument(fleet)) return { document: fleet, problems: problemsOf(fleet), locate: undefined }
  const { document, problems, locate } = fleet as Exclude<Checkable, FleetDocument>
  return { document, problems: problems ?? problemsOf(document), locate }
}

interface Gathered {
  readonly rule: Rule
  readonly fault: Fault
  readonly environments: string[]
  readonly silence: PlacedSilence | undefined
}

function gather(
  document: FleetDocument,
  environments: readonly string[],
  today: string,
): ReadonlyMap<string, Gathered> {
  const found = new Map<string, Gathered>()
  const resolveIn = resolver(document, { partial: true })
  const calendar = openCalendar(today)
  const idle = new Map<string, { readonly placed: PlacedSilence; readonly environments: string[] }>()
  const used = new Set<string>()
  for (const name of environments) {
    const fleet = withoutBroken(resolveIn(name), problemsOf(document))
    if (!fleet) break
    const context = contextOf(fleet, today, calendar)
    const silences = [...silencesOf(context)]
    for (const placed of silences) noteSilence(idle, placed, name)
    for (const { rule, fault } of faultsIn(context)) {
      const silence = rule.severity === 'warning' ? silenceFor(rule.code, fault.path, silences, today) : undefined
      if (silence) used.add(silenceKey(silence))
      const key = [rule.code, formatPath(fault.path), fault.message, silence ? silenceKey(silence) : ''].join('\n')
      const known = found.get(key)
      if (known) known.environments.push(name)
      else found.set(key, { rule, fault, environments: [name], silence })
    }
  }
  const all = environmentsOf(document).length
  for (const [key, { rule, environments: seen }] of found) if (rule.everywhere && seen.length < all) found.delete(key)
  if (environments.length === all) addIdle(found, idle, used, today)
  return found
}

function* faultsIn(context: Context): Iterable<{ readonly rule: Rule; readonly fault: Fault }> {
  for (const rule of rules) for (const fault of rule.check(context)) yield { rule, fault }
}

type IdleSilences = Map<string, { readonly placed: PlacedSilence; readonly environments: string[] }>

function silenceKey({ silence, path }: PlacedSilence): string {
  return `${formatPath(path)} ${silence.code} ${silence.until}`
}

function noteSilence(idle: IdleSilences, placed: PlacedSilence, environment: string): void {
  const known = idle.get(silenceKey(placed))
  if (known) known.environments.push(environment)
  else idle.set(silenceKey(placed), { placed, environments: [environment] })
}

/** Silences that no warning was met by, though their rule exists and their day has not come. */
function addIdle(found: Map<string, Gathered>, idle: IdleSilences, used: ReadonlySet<string>, today: string): void {
  const rule = rules.find(({ code }) => code === 'SW2930')
  if (!rule) return
  for (const [key, { placed, environments }] of idle) {
    const { silence, path } = placed
    const known = rules.some(({ code, severity }) => code === silence.code && severity === 'warning')
    if (used.has(key) || silence.until <= today || !known) continue
    const steps: readonly PathStep[] = path
    const fault: Fault = {
      path: steps,
      message: `expected a warning ${silence.code} to silence, found none`,
      hint: 'take the silence away',
    }
    found.set(`${rule.code}\n${key}`, { rule, fault, environments, silence: undefined })
  }
}

/** A problem of reading, as a finding. */
function unreadable({ code, message, where, hint }: ProblemDetails): Finding {
  return {
    code,
    severity: 'refusal',
    title: problemCodes.find((row) => row.code === code)?.title ?? 'Catalog that cannot be read',
    message,
    path: where?.path ?? '',
    where: where ?? {},
    hint: hint ?? 'mend the value',
    environments: [],
  }
}
