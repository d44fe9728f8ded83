import type { PathStep } from '../catalog-path.ts'
import { nearest } from '../nearest.ts'
import type { Silence } from '../resolved.generated.ts'
import type { Context } from './context.ts'
import { type Rule, refusal, warning } from './rule.ts'

/** A silence where it is written. */
export interface PlacedSilence {
  readonly silence: Silence
  readonly path: readonly PathStep[]
  /** The part whose warnings it is about; the whole fleet's when undefined. */
  readonly part: readonly [collection: string, name: string] | undefined
}

/** Every silence in a resolved fleet. */
export function* silencesOf({ fleet, services, jobs }: Context): Iterable<PlacedSilence> {
  for (const [index, silence] of fleet.silence.entries()) {
    yield { silence, path: ['silence', index], part: undefined }
  }
  for (const [key, programs] of [
    ['services', services],
    ['jobs', jobs],
  ] as const) {
    for (const { name, silence: list } of programs) {
      for (const [index, silence] of list.entries()) {
        yield { silence, path: [key, name, 'silence', index], part: [key, name] }
      }
    }
  }
}

/** The first silence that is in force and covers a warning at a path. */
export function silenceFor(
  code: string,
  path: readonly PathStep[],
  silences: readonly PlacedSilence[],
  today: string,
): PlacedSilence | undefined {
  return silences.find(
    ({ silence, part }) =>
      silence.code === code && today < silence.until && (!part || (path[0] === part[0] && path[1] === part[1])),
  )
}

/** Rules on silences themselves; `others` are the rules that may be silenced. */
export function silenceRules(others: readonly Rule[]): readonly Rule[] {
  const known = new Map(others.map((rule) => [rule.code, rule]))
  const warnings = others.filter(({ severity }) => severity === 'warning').map(({ code }) => code)
  return [
    refusal({
      code: 'SW1920',
      title: 'Silence that has run out',
      meaning: 'The warning was accepted until a day that is over. Mend it, or accept it again with a new day.',
      *check(context) {
        for (const { silence, path } of silencesOf(context)) {
          if (silence.until > context.today) continue
          yield {
            path: [...path, 'until'],
            message: `expected a day after ${context.today}, found ${silence.until} (${silence.code}: ${silence.reason})`,
            hint: 'mend what the warning is about and take the silence away, or set a new day',
          }
        }
      },
    }),
    refusal({
      code: 'SW1921',
      title: 'Silence of an unknown code',
      meaning: 'No warning has this code, so nothing is silenced.',
      *check(context) {
        for (const { silence, path } of silencesOf(context)) {
          if (known.has(silence.code) || unsilenceable.has(silence.code)) continue
          const meant = nearest(silence.code, warnings)
          yield {
            path: [...path, 'code'],
            message: `expected the code of a warning, found ${silence.code}, which is none`,
            hint: meant ? `${meant} is near; docs/rules.md lists all` : 'docs/rules.md lists all codes',
          }
        }
      },
    }),
    refusal({
      code: 'SW1922',
      title: 'Silence of a refusal',
      meaning: 'What cannot be true does not become true by being accepted; only warnings can be silenced.',
      *check(context) {
        for (const { silence, path } of silencesOf(context)) {
          const rule = known.get(silence.code)
          if (rule?.severity !== 'refusal' && !unsilenceable.has(silence.code)) continue
          yield {
            path: [...path, 'code'],
            message: `expected the code of a warning (SW2...), found ${silence.code}${rule ? ` (${rule.title.toLowerCase()})` : ''}, which cannot be silenced`,
            hint: 'mend what it is about, and take the silence away',
          }
        }
      },
    }),
    warning({
      code: 'SW2930',
      title: 'Silence that silences nothing',
      meaning: 'In no environment is there a warning of this code here any more; the silence can go.',
      // Found by `check`, which alone knows what every environment's warnings were.
      check: () => [],
    }),
  ]
}

/** Codes of this family: silences cannot be silenced. */
const unsilenceable: ReadonlySet<string> = new Set(['SW1920', 'SW1921', 'SW1922', 'SW2930'])
