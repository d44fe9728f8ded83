import type { HarmRow } from './harm.ts'
import type { Study } from './study.ts'

/** What the study says about its targets, as numbers. */
export interface Findings {
  /** Worst rate of false rollbacks of ours over the nulls, with the upper 95 % bound that is worst. */
  readonly worstNull: { readonly scenario: string; readonly rate: number }
  readonly worstNullBound: { readonly scenario: string; readonly high: number }
  readonly worstFalsePromotion: { readonly name: string; readonly rate: number; readonly low: number }
  /** By tuning: geometric mean over bad releases of (best other's harm / ours), and in how many of them ours is less. */
  readonly ratios: Readonly<
    Record<string, { readonly mean: number; readonly less: number; readonly of: number; readonly name: string }>
  >
  /** By tuning and name: mean part of the preventable harm that was not prevented, 0..1. */
  readonly parts: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly oursPart: number
}

/** Sums a study up. */
export function findingsOf(study: Study): Findings {
  const byRate = study.nulls.toSorted((a, b) => b.ours.rate - a.ours.rate)[0]
  const byBound = study.nulls.toSorted((a, b) => b.ours.high - a.ours.high)[0]
  const bad = study.endings.filter(({ release }) => release.ratio > 1)
  const promoted = bad.toSorted((a, b) => b.endings.promoted.rate - a.endings.promoted.rate)[0]
  const names = Object.keys(study.harm[0]?.others ?? {})
  const peers = Object.keys(study.harm[0]?.others[names[0] ?? ''] ?? {})
  const part = (harmed: (row: HarmRow) => number): number =>
    study.harm.reduce((sum, row) => sum + harmed(row) / row.unstopped, 0) / study.harm.length
  return {
    worstNull: { scenario: byRate?.scenario ?? '', rate: byRate?.ours.rate ?? 0 },
    worstNullBound: { scenario: byBound?.scenario ?? '', high: byBound?.ours.high ?? 0 },
    worstFalsePromotion: {
      name: promoted?.name ?? '',
      rate: promoted?.endings.promoted.rate ?? 0,
      low: promoted?.endings.promoted.low ?? 0,
    },
    ratios: Object.fromEntries(names.map((tuning) => [tuning, ratioOf(study.harm, tuning)])),
    parts: Object.fromEntries(
      names.map((tuning) => [
        tuning,
        Object.fromEntries(
          peers.map((name) => [name, part((row) => row.others[tuning]?.[name]?.harmed ?? row.unstopped)]),
        ),
      ]),
    ),
    oursPart: part((row) => row.ours.harmed),
  }
}

/** Against the one rule that does best over all bad releases under this tuning, and scenario by scenario the best of all. */
function ratioOf(rows: readonly HarmRow[], tuning: string): Findings['ratios'][string] {
  const ratios = rows.map((row) => bestOf(row, tuning) / row.ours.harmed)
  return {
    mean: Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length),
    less: ratios.filter((ratio) => ratio > 1).length,
    of: ratios.length,
    name: tuning,
  }
}

/** The least harm that any of the others does in a bad release under this tuning. */
export function bestOf(row: HarmRow, tuning: string): number {
  return Math.min(...Object.values(row.others[tuning] ?? {}).map(({ harmed }) => harmed))
}
