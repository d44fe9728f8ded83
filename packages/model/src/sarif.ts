import type { CheckReport } from './check.ts'
import { problemCodes } from './problem-codes.ts'
import type { Finding, SilencedFinding } from './rules/finding.ts'
import { rules } from './rules/rules.ts'

/** A SARIF 2.1.0 log, as far as Seaworthy writes it (OASIS 2020, Static Analysis Results Interchange Format). */
export interface SarifLog {
  readonly $schema: string
  readonly version: '2.1.0'
  readonly runs: readonly SarifRun[]
}

/** One run of the checker. */
export interface SarifRun {
  readonly tool: { readonly driver: SarifDriver }
  readonly columnKind: 'utf16CodeUnits'
  readonly results: readonly SarifResult[]
}

/** The tool, with the rules that it knows. */
export interface SarifDriver {
  readonly name: string
  readonly version: string
  readonly informationUri?: string
  readonly rules: readonly SarifRule[]
}

/** One rule, as scanners list it. */
export interface SarifRule {
  readonly id: string
  readonly name: string
  readonly shortDescription: { readonly text: string }
  readonly fullDescription: { readonly text: string }
  readonly helpUri?: string
  readonly defaultConfiguration: { readonly level: SarifLevel }
}

/** `error` for refusals, `warning` for warnings. */
export type SarifLevel = 'error' | 'warning'

/** One finding. */
export interface SarifResult {
  readonly ruleId: string
  readonly ruleIndex: number
  readonly level: SarifLevel
  readonly message: { readonly text: string }
  readonly locations: readonly SarifLocation[]
  /** Stable across edits of other lines, so that scanners recognise a finding again. */
  readonly partialFingerprints: Readonly<Record<string, string>>
  readonly suppressions?: readonly { readonly kind: 'inSource'; readonly justification: string }[]
  readonly properties: { readonly environments: readonly string[] }
}

/** Where a finding is: in the file, and in the catalog. */
export interface SarifLocation {
  readonly physicalLocation?: {
    readonly artifactLocation: { readonly uri: string }
    readonly region?: { readonly startLine: number; readonly startColumn?: number }
  }
  readonly logicalLocations: readonly { readonly fullyQualifiedName: string }[]
}

/** What the log says of the tool itself. */
export interface SarifTool {
  /** Version of Seaworthy. */
  readonly version: string
  /** Home of the project. */
  readonly informationUri?: string
  /** Page of the rules; each code is an anchor of it. */
  readonly rulesUri?: string
}

/** The report in the form that code scanners read (`seaworthy check --sarif`); silenced warnings are suppressed results. */
export function toSarif(report: CheckReport, tool: SarifTool): SarifLog {
  const { version, informationUri, rulesUri } = tool
  const known = describedRules(rulesUri)
  const index = new Map(known.map((rule, at) => [rule.id, at]))
  const results = [...report.refusals, ...report.warnings, ...report.silenced].map((finding): SarifResult => {
    return resultOf(finding, index.get(finding.code) ?? -1)
  })
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Seaworthy', version, ...(informationUri && { informationUri }), rules: known } },
        columnKind: 'utf16CodeUnits',
        results,
      },
    ],
  }
}

function describedRules(rulesUri: string | undefined): readonly SarifRule[] {
  const described = (code: string, title: string, meaning: string, level: SarifLevel): SarifRule => ({
    id: code,
    name: pascal(title),
    shortDescription: { text: `${title}.` },
    fullDescription: { text: meaning },
    ...(rulesUri !== undefined && { helpUri: `${rulesUri}#${code.toLowerCase()}` }),
    defaultConfiguration: { level },
  })
  return [
    ...problemCodes.map(({ code, title, meaning }) => described(code, title, meaning, 'error')),
    ...rules.map(({ code, title, meaning, severity }) => described(code, title, meaning, levelOf(severity))),
  ]
}

function levelOf(severity: Finding['severity']): SarifLevel {
  return severity === 'refusal' ? 'error' : 'warning'
}

/** `Cycle in needs` → `CycleInNeeds`, as SARIF asks of rule names. */
function pascal(title: string): string {
  return title
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}

function resultOf(finding: Finding | SilencedFinding, ruleIndex: number): SarifResult {
  const { code, severity, message, hint, path, where, environments } = finding
  const file = where.file
  return {
    ruleId: code,
    ruleIndex,
    level: levelOf(severity),
    message: { text: `${message}. Way out: ${hint}` },
    locations: [
      {
        ...(file !== undefined && {
          physicalLocation: {
            artifactLocation: { uri: uriOf(file) },
            ...(where.line !== undefined && {
              region: {
                startLine: where.line,
                ...(where.column !== undefined && { startColumn: where.column }),
              },
            }),
          },
        }),
        logicalLocations: [{ fullyQualifiedName: path }],
      },
    ],
    partialFingerprints: { 'catalogPath/v1': `${code}:${path}` },
    ...('reason' in finding && {
      suppressions: [{ kind: 'inSource' as const, justification: `${finding.reason} (until ${finding.until})` }],
    }),
    properties: { environments },
  }
}

/** A file name as a URI reference: relative ones stay relative, so that they mean the same in the repository. */
function uriOf(file: string): string {
  const parts = file
    .replaceAll('\\', '/')
    .split('/')
    .map((part) => encodeURIComponent(part))
    .join('/')
  return parts.startsWith('/') ? `file://${parts}` : parts
}
