import { time } from './figures.ts'
import { type Rule, refusal } from './rule.ts'

/** Rules on chains of receivers. */
export const escalationRules: readonly Rule[] = [
  refusal({
    code: 'SW1330',
    title: 'Escalation without a receiver',
    meaning: 'An escalation, or one step of it, tells nobody.',
    *check({ fleet }) {
      for (const [name, { steps }] of Object.entries(fleet.escalations)) {
        if (steps.length === 0) {
          yield {
            path: ['escalations', name, 'steps'],
            message: 'expected at least one step, found none',
            hint: "add `{ to: ['slack:#team'] }`",
          }
        }
        for (const [index, { to }] of steps.entries()) {
          if (to.length > 0) continue
          yield {
            path: ['escalations', name, 'steps', index, 'to'],
            message: 'expected at least one receiver, found none',
            hint: "add one such as `'pagerduty:team'`, or take the step away",
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1331',
    title: 'Escalation out of order',
    meaning: 'Steps are told one after another, so each must come later than the one before.',
    *check({ fleet }) {
      for (const [name, { steps }] of Object.entries(fleet.escalations)) {
        for (const [index, { after }] of steps.entries()) {
          const before = steps[index - 1]
          if (!before || after > before.after) continue
          yield {
            path: ['escalations', name, 'steps', index, 'after'],
            message: `expected more than ${time(before.after)} (the step before), found ${time(after)}`,
            hint: `set \`after: '${time(before.after + 300_000)}'\`, or put the receivers into the step before`,
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1332',
    title: 'Escalation later than its own deadline',
    meaning:
      'Someone must react within `respond`, but a step comes only after that; or the end is due before the start.',
    *check({ fleet }) {
      for (const [name, { steps, respond, resolve }] of Object.entries(fleet.escalations)) {
        const late = steps.findIndex(({ after }) => respond !== undefined && after >= respond)
        if (respond !== undefined && late >= 0) {
          yield {
            path: ['escalations', name, 'steps', late, 'after'],
            message: `expected less than ${time(respond)} (\`respond\`), found ${time(steps[late]?.after ?? 0)}`,
            hint: 'tell this step earlier, or give more time to respond',
          }
        }
        if (respond !== undefined && resolve !== undefined && resolve < respond) {
          yield {
            path: ['escalations', name, 'resolve'],
            message: `expected at least ${time(respond)} (\`respond\`), found ${time(resolve)}`,
            hint: 'swap `respond` and `resolve`',
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1333',
    title: 'Agreement faster than its escalation',
    meaning: 'Customers are promised a reaction or an end sooner than the escalation of critical alerts asks for.',
    *check({ fleet }) {
      const { agreement } = fleet
      const critical = fleet.monitoring.notify.critical
      const escalation = critical === undefined ? undefined : fleet.escalations[critical]
      if (!agreement || !escalation || critical === undefined) return
      for (const key of ['respond', 'resolve'] as const) {
        const promised = agreement[key]
        const asked = escalation[key]
        if (promised === undefined || asked === undefined || asked <= promised) continue
        yield {
          path: ['escalations', critical, key],
          message: `expected at most ${time(promised)} (the agreement), found ${time(asked)}`,
          hint: `set ${key} to ${time(promised)} or less, or agree on ${time(asked)}`,
        }
      }
    },
  }),
]
