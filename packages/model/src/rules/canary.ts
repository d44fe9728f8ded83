import { type DetectionTask, detectableRatio, requestsToDetect } from '../detectable.ts'
import type { Service, Traffic } from '../resolved.generated.ts'
import { about, percent, rateAtLeast, rateText, rounded, time } from './figures.ts'
import { type Rule, refusal, warning } from './rule.ts'

/** Alternatives that the verdict spreads its bets over: 1.25, 1.5, 2, 3, 5, 10 and 20 times. */
const alternatives = 7
/** Shares that are looked at where the planner chooses the steps. */
const plannedShares = [0.1, 0.5]

/** Rules on what a canary can show. */
export const canaryRules: readonly Rule[] = [
  refusal({
    code: 'SW1401',
    title: 'Canary that cannot detect the harm it is for',
    meaning:
      'At the declared traffic no step finds the declared regression before its deadline, so a harmful release would pass unseen. Give it time, a larger share, more traffic, or look for a larger regression.',
    *check({ having }) {
      for (const service of having.canary) {
        const plan = planOf(service)
        if (!plan) continue
        const { best, task, traffic, rollout } = plan
        const available = traffic.rate * (rollout.verdict.deadline / 1000)
        const needed = requestsToDetect({ ...task, share: best })
        if (needed <= available) continue
        const { detect, deadline } = rollout.verdict
        const visible = detectableRatio({ ...task, share: best, requests: available })
        yield {
          path: ['services', service.name, 'rollout', 'verdict', 'detect'],
          message: `expected ${rounded(Math.ceil(needed))} requests within ${time(deadline)} to find ${rounded(detect)}× of ${percent(traffic.errors)} errors at ${percent(best)}, found ${rounded(Math.floor(available))} (${rateText(traffic.rate)})`,
          hint: [
            visible === undefined ? undefined : `set detect to ${rounded(Math.ceil(visible * 10) / 10)}`,
            Number.isFinite(needed) && traffic.rate > 0
              ? `deadline to ${about((needed / traffic.rate) * 1000)}`
              : undefined,
            Number.isFinite(needed)
              ? `or fill up with synthetic load (\`inject: true\`) to ${rateAtLeast(needed / (deadline / 1000))}`
              : 'declare the error rate of an ordinary day (`traffic.errors`), above zero',
          ]
            .filter((part) => part !== undefined)
            .join(', '),
        }
      }
    },
  }),
  refusal({
    code: 'SW1402',
    title: 'Canary steps that do not lead to all',
    meaning: 'Shares grow from step to step, begin above zero and end at 100 %.',
    *check({ having }) {
      for (const { name, rollout } of having.steps) {
        const { steps } = rollout
        if (!steps) continue
        const path = ['services', name, 'rollout', 'steps']
        const bad = steps.findIndex((share, index) => share <= (steps[index - 1] ?? 0))
        const text = `[${steps.map((share) => percent(share)).join(', ')}]`
        if (bad >= 0) {
          yield {
            path: [...path, bad],
            message: `expected more than ${percent(steps[bad - 1] ?? 0)}, found ${percent(steps[bad] ?? 0)} in ${text}`,
            hint: `write \`steps: [${[...new Set([...steps, 1])]
              .filter((share) => share > 0)
              .sort((a, b) => a - b)
              .map((share) => `'${percent(share)}'`)
              .join(', ')}]\``,
          }
        } else if (steps.at(-1) !== 1) {
          yield {
            path,
            message: `expected the last step to be 100 %, found ${steps.length === 0 ? 'no steps' : text}`,
            hint: `write \`steps: [${[...steps, 1].map((share) => `'${percent(share)}'`).join(', ')}]\``,
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1403',
    title: 'Canary steps on another strategy',
    meaning: 'Only a canary goes through shares of traffic; a rolling or blue-green release never reads them.',
    *check({ having }) {
      for (const { name, rollout } of having.steps) {
        if (!rollout.steps || rollout.strategy === 'canary') continue
        yield {
          path: ['services', name, 'rollout', 'steps'],
          message: `expected steps on a canary only, found them on ${rollout.strategy}`,
          hint: "set `strategy: 'canary'`, or take `steps` away",
        }
      }
    },
  }),
  refusal({
    code: 'SW1404',
    title: 'Step that asks for more requests than will come',
    meaning: 'The canary’s share of the declared traffic does not reach `minRequests` before the deadline.',
    *check({ having }) {
      for (const service of having.canary) {
        const { rollout, traffic, name } = service
        if (rollout.strategy !== 'canary' || !traffic || rollout.inject) continue
        const { minRequests, deadline } = rollout.verdict
        const share = rollout.steps?.[0] ?? plannedShares[0] ?? 0.1
        const served = traffic.rate * share * (deadline / 1000)
        if (served >= minRequests) continue
        yield {
          path: ['services', name, 'rollout', 'verdict', 'minRequests'],
          message: `expected at most ${Math.floor(served)} requests, ${percent(share)} of ${rateText(traffic.rate)} in ${time(deadline)}, found ${minRequests}`,
          hint: `set minRequests to ${Math.floor(served / 2)}, or deadline to ${about((minRequests / (traffic.rate * share)) * 1200)}`,
        }
      }
    },
  }),
  refusal({
    code: 'SW1405',
    title: 'Verdict that contradicts itself',
    meaning:
      'What must not slip through, and what must be found, has to be worse than what is tolerated; and the warm-up must leave time to look.',
    *check({ services }) {
      for (const { name, rollout } of services) {
        const { margin, slip, detect, warmUp, deadline } = rollout.verdict
        if (slip > margin && detect > margin && warmUp < deadline) continue
        const path = ['services', name, 'rollout', 'verdict']
        for (const [key, ratio] of [
          ['slip', slip],
          ['detect', detect],
        ] as const) {
          if (ratio > margin) continue
          yield {
            path: [...path, key],
            message: `expected more than ${rounded(margin)} (\`margin\`, still called no worse), found ${rounded(ratio)}`,
            hint: `set ${key} to ${rounded(margin * 2)}, or margin to 1`,
          }
        }
        if (warmUp < deadline) continue
        yield {
          path: [...path, 'warmUp'],
          message: `expected less than ${time(deadline)} (the deadline), found ${time(warmUp)}: nothing would be counted`,
          hint: `set warmUp to ${about(Math.min(warmUp, deadline) / 10)}, or a longer deadline`,
        }
      }
    },
  }),
  refusal({
    code: 'SW1406',
    title: 'Verdict on a counter that nobody declares',
    meaning: 'The verdict looks at a counter that the service does not name in `metrics`.',
    *check({ services }) {
      for (const { name, rollout, metrics } of services) {
        for (const [index, metric] of rollout.verdict.metrics.entries()) {
          if (Object.hasOwn(metrics, metric.name) || platformCounters.has(metric.name)) continue
          yield {
            path: ['services', name, 'rollout', 'verdict', 'metrics', index, 'name'],
            message: `expected a counter of the service (${Object.keys(metrics).join(', ') || 'it names none'}) or ${[...platformCounters].join(', ')}, found \`${metric.name}\``,
            hint: `add \`metrics: { ${metric.name}: 'what it counts' }\``,
          }
        }
      }
    },
  }),
  warning({
    code: 'SW2401',
    title: 'First canary step that sees nothing',
    meaning:
      'The first share cannot show the declared regression before its deadline; it is found only when more users already meet it.',
    *check({ having }) {
      for (const service of having.canary) {
        const plan = planOf(service)
        const first = service.rollout.steps?.[0]
        if (!plan || first === undefined || first >= 1) continue
        const { best, task, traffic, rollout } = plan
        const available = traffic.rate * (rollout.verdict.deadline / 1000)
        const needed = requestsToDetect({ ...task, share: first })
        if (needed <= available || requestsToDetect({ ...task, share: best }) > available) continue
        const visible = detectableRatio({ ...task, share: first, requests: available })
        yield {
          path: ['services', service.name, 'rollout', 'steps', 0],
          message: `expected ${rounded(Math.ceil(needed))} requests within ${time(rollout.verdict.deadline)} to find ${rounded(rollout.verdict.detect)}× at ${percent(first)}, found ${rounded(Math.floor(available))}: it shows only at ${percent(best)}`,
          hint: [
            `give each step ${about((needed / traffic.rate) * 1000)}`,
            ...(visible === undefined ? [] : [`set detect to ${rounded(Math.ceil(visible * 10) / 10)}`]),
            'or begin with a larger share',
          ].join(', '),
        }
      }
    },
  }),
  warning({
    code: 'SW2402',
    title: 'Canary without declared traffic',
    meaning: 'Without the expected traffic nobody can say what the canary is able to detect.',
    *check({ having }) {
      for (const { name, rollout, traffic, protocol } of having.canary) {
        if (rollout.strategy !== 'canary' || traffic || protocol === 'worker') continue
        yield {
          path: ['services', name, 'traffic'],
          message: 'expected `traffic` beside a canary, found none',
          hint: "add `traffic: { rate: '5/s' }` with what an ordinary day brings",
        }
      }
    },
  }),
  warning({
    code: 'SW2403',
    title: 'Canary of a worker',
    meaning:
      'The gateway sends a worker nothing, so there are no requests to split by share; its versions are compared by restarts and failures of what they take from the queue only.',
    *check({ having }) {
      for (const { name, rollout, protocol } of having.canary) {
        if (rollout.strategy !== 'canary' || protocol !== 'worker') continue
        yield {
          path: ['services', name, 'rollout', 'strategy'],
          message: 'expected a rolling release of a worker, found a canary',
          hint: "set `rollout: 'rolling'`",
        }
      }
    },
  }),
]

/** Counters that the platform keeps for every service. */
const platformCounters: ReadonlySet<string> = new Set(['restarts', 'oom-kills', 'crashes'])

interface Plan {
  readonly task: Omit<DetectionTask, 'share'>
  /** The share at which the fewest requests are needed. */
  readonly best: number
  readonly traffic: Traffic
  readonly rollout: Service['rollout']
}

/** What a canary has to find and where it finds it soonest; undefined where there is nothing to plan. */
function planOf({ rollout, traffic, slo }: Service): Plan | undefined {
  if (rollout.strategy !== 'canary' || !traffic || rollout.inject) return undefined
  const { alpha, detect, margin, latency, metrics } = rollout.verdict
  if (detect <= margin) return undefined
  const others = (latency?.length ?? Object.keys(slo?.latency ?? {}).length) + metrics.length
  // Half of α is kept for errors where other metrics are judged too, and half of each bet for the first start.
  const bets = alternatives * (others > 0 ? 2 : 1) * 2
  const task = { ratio: detect, baseRate: traffic.errors, alpha, bets, tolerated: margin }
  const shares = (rollout.steps ?? plannedShares).filter((share) => share > 0 && share < 1)
  if (shares.length === 0) return undefined
  const best = shares.reduce((a, b) =>
    requestsToDetect({ ...task, share: b }) < requestsToDetect({ ...task, share: a }) ? b : a,
  )
  return { task, best, traffic, rollout }
}
