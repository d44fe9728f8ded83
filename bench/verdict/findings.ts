import type { HarmRow } from './harm.ts'
import { alphas } from './ours.ts'
import type { Study } from './study.ts'

/** What the study says about its targets, as numbers. */
export interface Findings {
  /** Worst rate of false rollbacks of ours over the nulls, with the upper 95 % bound that is worst. */
  readonly worstNull: { readonly scenario: string; readonly rate: number }
  readonly worstNullBound: { readonly scenario: string; readonly high: number }
  readonly worstFalsePromotion: { readonly name: string; readonly rate: number; readonly low: number }
  /** The greatest α at which our false rollbacks stay within 1 % in every null, and the mean part of harm not prevented with it. */
  readonly raised: { readonly alpha: number; readonly part: number }
  /** By tuning: the best other's harm divided by ours. */
  readonly ratios: Readonly<Record<string, Ratio>>
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
  const raised = alphas.findLastIndex((_, index) => study.nulls.every(({ byAlpha }) => (byAlpha[index] ?? 1) <= 0.01))
  return {
    raised: { alpha: alphas[raised] ?? 0.01, part: part((row) => row.byAlpha[raised] ?? row.unstopped) },
    worstNull: { scenario: byRate?.scenario ?? '', rate: byRate?.ours.rate ?? 0 },
    worstNullBound: { scenario: byBound?.scenario ?? '', high: byBound?.ours.high ?? 0 },
    worstFalsePromotion: {
      name: promoted?.name ?? '',
      rate: promoted?.endings.promoted.rate ?? 0,
      low: promoted?.endings.promoted.low ?? 0,
    },
    ratios: Object.fromEntries(names.map((tuning) => [tuning, ratioOf(study.harm, tuning, raised)])),
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

/** Geometric means over bad releases of the best other's harm divided by ours: as ours is, and with α raised to equal false rollbacks. */
export interface Ratio {
  readonly mean: number
  readonly raised: number
  /** In how many of the bad releases ours harms less. */
  readonly less: number
  readonly of: number
}

function ratioOf(rows: readonly HarmRow[], tuning: string, raised: number): Ratio {
  const mean = (ratios: readonly number[]): number =>
    Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length)
  const ratios = rows.map((row) => bestOf(row, tuning) / row.ours.harmed)
  const equal = rows.map((row) => bestOf(row, tuning) / (row.byAlpha[raised] ?? row.ours.harmed))
  return {
    mean: mean(ratios),
    raised: mean(equal),
    less: ratios.filter((ratio) => ratio > 1).length,
    of: ratios.length,
  }
}

/** The least harm that any of the others does in a bad release under this tuning. */
export function bestOf(row: HarmRow, tuning: string): number {
  return Math.min(...Object.values(row.others[tuning] ?? {}).map(({ harmed }) => harmed))
}
