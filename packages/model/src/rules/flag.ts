import type { FeatureFlag } from '../resolved.generated.ts'
import { percent } from './figures.ts'
import { type Rule, refusal, warning } from './rule.ts'

/** Rules on feature flags. */
export const flagRules: readonly Rule[] = [
  refusal({
    code: 'SW1420',
    title: 'Flag that names a variant it does not have',
    meaning: 'Where variants are named, the default and every rule must choose one of them.',
    *check({ having }) {
      for (const { name, flags } of having.flags) {
        for (const [key, flag] of Object.entries(flags)) {
          const variants = Object.keys(flag.variants)
          if (variants.length === 0) continue
          for (const { value, path } of choicesOf(flag)) {
            if (variants.includes(String(value))) continue
            yield {
              path: ['services', name, 'flags', key, ...path],
              message: `expected one of its variants (${variants.join(', ')}), found \`${value}\``,
              hint: `choose one of them, or add \`${value}\` to \`variants\``,
            }
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1421',
    title: 'Flag ramp that does not grow to all',
    meaning: 'The shares of a ramp grow from step to step, begin above zero and end at 100 %.',
    *check({ having }) {
      for (const { name, flags } of having.flags) {
        for (const [key, { ramp }] of Object.entries(flags)) {
          if (!ramp) continue
          const grows = ramp.every((share, index) => share > (ramp[index - 1] ?? 0))
          if (grows && ramp.at(-1) === 1) continue
          const mended = [...new Set([...ramp, 1])].filter((share) => share > 0).sort((a, b) => a - b)
          yield {
            path: ['services', name, 'flags', key, 'ramp'],
            message: `expected shares that grow to 100 %, found [${ramp.map((share) => percent(share)).join(', ')}]`,
            hint: `write \`ramp: [${mended.map((share) => `'${percent(share)}'`).join(', ')}]\``,
          }
        }
      }
    },
  }),
  warning({
    code: 'SW2420',
    title: 'Flag past its day',
    meaning: 'The flag should be gone by now; both branches of the code are still there.',
    *check({ today, having }) {
      for (const { name, flags } of having.flags) {
        for (const [key, { until, owner }] of Object.entries(flags)) {
          if (until === undefined || until >= today) continue
          yield {
            path: ['services', name, 'flags', key, 'until'],
            message: `expected a day from ${today} on, found ${until}`,
            hint: `ask ${owner ?? 'its owner'} to take the flag out of the code, or set a new day`,
          }
        }
      }
    },
  }),
]

function* choicesOf(
  flag: FeatureFlag,
): Iterable<{ readonly value: boolean | number | string; readonly path: readonly (string | number)[] }> {
  yield { value: flag.default, path: ['default'] }
  for (const [index, { value }] of flag.rules.entries()) yield { value, path: ['rules', index, 'value'] }
}
