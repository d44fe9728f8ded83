import { bestOf, type Findings } from './findings.ts'
import type { HarmRow } from './harm.ts'
import type { Proportion } from './proportion.ts'
import { type Study, tunings } from './study.ts'

/** Every table of the study as Markdown. */
export function tablesOf(study: Study, findings: Findings): string {
  return [
    '#### False rollbacks of good releases (95 % Clopper–Pearson for ours)',
    nullTable(study),
    '#### Harmed requests before the rollback (or until minute 20), mean per release',
    harmTable(study.harm),
    `Best of the others ÷ ours, geometric mean: ${ratioLine(findings)}.`,
    '#### What the documented settings do with bad releases (rolled back · harmed)',
    documentedTable(study.harm),
    '#### False rollbacks by number of looks (good release, 0.5 % errors, 10 requests/s)',
    looksTable(study),
    '#### Releases led by the verdict (two steps, 20 min each at most)',
    endingTable(study),
  ].join('\n\n')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

const percent = (rate: number): string => `${Number((100 * rate).toPrecision(2))} %`
const number = (value: number): string => (value >= 100 ? String(Math.round(value)) : value.toFixed(1))
const withBound = ({ rate, low, high }: Proportion): string => `${percent(rate)} [${percent(low)} – ${percent(high)}]`

function nullTable({ nulls }: Study): string {
  const keys = [...new Set(nulls.flatMap(({ others }) => Object.keys(others)))]
  return table(
    ['good release', 'ours, α 1 %', ...keys],
    nulls.map(({ scenario, ours, others }) => [
      scenario,
      withBound(ours),
      ...keys.map((key) => {
        const found = others[key]
        return found === undefined ? '' : percent(found.rate)
      }),
    ]),
  )
}

function harmTable(rows: readonly HarmRow[]): string {
  const names = Object.keys(tunings)
  return table(
    ['bad release', 'never stopped', 'ours (rolled back, median)', ...names.map((name) => `best other, ${name}`)],
    rows.map((row) => [
      row.scenario,
      number(row.unstopped),
      `${number(row.ours.harmed)} (${percent(row.ours.rolledBack)}, ${row.ours.medianSeconds === null ? 'none' : `${row.ours.medianSeconds} s`})`,
      ...names.map((name) => bestCell(row, name)),
    ]),
  )
}

function bestCell(row: HarmRow, tuning: string): string {
  const least = bestOf(row, tuning)
  const found = Object.entries(row.others[tuning] ?? {}).find(([, { harmed }]) => harmed === least)
  if (found === undefined) return ''
  const [name, harm] = found
  return harm.rolledBack === 0 ? `${number(least)} (none)` : `${number(least)} (${name}: ${harm.label})`
}

function ratioLine({ ratios }: Findings): string {
  return Object.entries(ratios)
    .map(
      ([name, { mean, raised, less, of }]) =>
        `${name} ${mean.toFixed(2)}× (α raised ${raised.toFixed(2)}×; ours less in ${less} of ${of})`,
    )
    .join('; ')
}

function documentedTable(rows: readonly HarmRow[]): string {
  const keys = [...new Set(rows.flatMap(({ documented }) => Object.keys(documented)))]
  return table(
    ['bad release', 'ours', ...keys],
    rows.map((row) => [
      row.scenario,
      `${percent(row.ours.rolledBack)} · ${number(row.ours.harmed)}`,
      ...keys.map((key) => {
        const harm = row.documented[key]
        return harm === undefined ? '' : `${percent(harm.rolledBack)} · ${number(harm.harmed)}`
      }),
    ]),
  )
}

function looksTable({ looks }: Study): string {
  const names = Object.keys(looks[0]?.rates ?? {})
  return table(
    ['rule', ...looks.map((row) => `${row.looks} looks`)],
    names.map((name) => [name, ...looks.map(({ rates }) => percent(rates[name]?.rate ?? 0))]),
  )
}

function endingTable({ endings }: Study): string {
  const minutes = (seconds: number | null): string => (seconds === null ? '–' : `${(seconds / 60).toFixed(1)} min`)
  return table(
    ['release', 'promoted', 'rolled back', 'held and asked', 'time to promote, median', '90th percentile'],
    endings.map(({ name, endings: ends }) => [
      name,
      withBound(ends.promoted),
      percent(ends.rolledBack.rate),
      percent(ends.held.rate),
      minutes(ends.median),
      minutes(ends.slow),
    ]),
  )
}
