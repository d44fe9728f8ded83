import { problemCodes } from '../problem-codes.ts'
import { alertSignals, type SignalUnit } from './alert-signal.ts'
import { ruleFamilies, rules } from './rules.ts'

const written: Readonly<Record<SignalUnit, string>> = {
  fraction: '`5%`',
  duration: '`500ms`, `14d`',
  rate: '`3/h`, `10/min`',
  count: '`3`',
  times: '`2x`',
}

/** The reference page of all codes that checking a catalog can give, as Markdown. */
export function rulesPage(): string {
  const refusals = rules.filter(({ severity }) => severity === 'refusal').length
  return `# What \`seaworthy check\` finds

<!-- Made by packages/model/scripts/generate-rules-page.ts from the tables in packages/model/src; do not edit. -->

A **refusal** (SW1...) is something that cannot be true: a catalog that has one is neither run nor released,
and it cannot be silenced. A **warning** (SW2...) is something that a reviewer would ask about; it can be accepted for a
while, on the fleet or on one service, with a reason and a day on which it is heard again:

\`\`\`ts
silence: [{ code: 'SW2103', reason: 'drills start with the new storage', until: '2027-01-31' }],
\`\`\`

Every rule is asked in every environment, of the fleet as it is there, overlays merged: ${rules.length} rules, ${refusals} of them refusals.
For each one the tests generate fleets on both sides of its boundary. Production, where some of them are asked, is an environment
called \`production\`, \`prod\` or \`live\`.

${ruleFamilies.map(({ title, rules: family }) => section(title, family)).join('\n\n')}

${section('Reading the catalog', problemCodes)}

## Signals of alerts

An alert's condition is a signal, a comparison (\`>\`, \`>=\`, \`<\`, \`<=\`) and a value with its unit: \`errors > 5%\`. \`down\` is
short for \`ready < 1\`. Besides these there are latency quantiles (\`p50\` to \`p99.999\`, compared with a time such as \`500ms\`) and the
counters that a service names in \`metrics\` (compared by rate, count or share).

| signal | what it is | written | on |
|---|---|---|---|
${alertSignals
  .map(({ name, doc, units, scope }) => {
    const on = scope === 'both' ? 'services, fleet' : scope === 'service' ? 'services' : 'fleet'
    return `| \`${name}\` | ${doc} | ${units.map((unit) => written[unit]).join(' or ')} | ${on} |`
  })
  .join('\n')}
`
}

function section(
  title: string,
  rows: readonly { readonly code: string; readonly title: string; readonly meaning: string }[],
): string {
  const lines = rows.map(
    (row) => `| <a id="${row.code.toLowerCase()}"></a>${row.code} | ${row.title} | ${escaped(row.meaning)} |`,
  )
  return `## ${title}\n\n| code | what | why, and the way out |\n|---|---|---|\n${lines.join('\n')}`
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|')
}
