import { replicasOf } from './context.ts'
import { count, percent, time } from './figures.ts'
import { countOf } from './replica-count.ts'
import { type Rule, refusal, warning } from './rule.ts'

/** Rules on how many replicas run, and what moves their number. */
export const scaleRules: readonly Rule[] = [
  refusal({
    code: 'SW1230',
    title: 'Autoscaling and fixed replicas together',
    meaning: 'Two hands on one number: the autoscaler and the fixed count would undo each other for ever.',
    *check({ having }) {
      for (const { name, replicas, scale } of having.scale) {
        if (replicas === undefined || scale === undefined) continue
        yield {
          path: ['services', name, 'replicas'],
          message: `expected either \`replicas\` or \`scale\`, found ${count(replicas, 'replica')} and scale ${scale.min} to ${scale.max}`,
          hint: 'take one away; in an overlay, `scale: null` lifts the scale and `replicas: null` the count',
        }
      }
    },
  }),
  refusal({
    code: 'SW1231',
    title: 'Minimum above maximum',
    meaning: 'The smallest number of replicas, or the floor of a schedule, is above the largest.',
    *check({ having }) {
      for (const { name, scale } of having.scale) {
        if (!scale) continue
        if (scale.min > scale.max) {
          yield {
            path: ['services', name, 'scale', 'min'],
            message: `expected a minimum of at most ${scale.max} (the maximum), found ${scale.min}`,
            hint: `swap them, or set max to ${scale.min}`,
          }
        }
        for (const [index, { min }] of scale.schedule.entries()) {
          if (min <= scale.max || scale.min > scale.max) continue
          yield {
            path: ['services', name, 'scale', 'schedule', index, 'min'],
            message: `expected a floor of at most ${scale.max} (the maximum), found ${min}`,
            hint: `set max to ${min}, or the floor to ${scale.max}`,
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1232',
    title: 'Scale to zero that the autoscaler cannot do',
    meaning: 'The HorizontalPodAutoscaler keeps at least one replica; KEDA can go to none.',
    *check({ environment, having }) {
      if (environment.engine !== 'kubernetes' || environment.autoscaler !== 'hpa') return
      for (const { name, scale } of having.scale) {
        if (scale?.min !== 0) continue
        yield {
          path: ['services', name, 'scale', 'min'],
          message: 'expected at least 1 replica under the HPA, found a minimum of 0',
          hint: "set `autoscaler: 'keda'` on the environment, or min to 1",
        }
      }
    },
  }),
  refusal({
    code: 'SW1233',
    title: 'Scaling target that is always missed',
    meaning: 'A target of 0 % is exceeded by any use at all, so the service would always run at its maximum.',
    *check({ having }) {
      for (const { name, scale } of having.scale) {
        for (const key of ['cpu', 'memory'] as const) {
          if (scale?.[key] !== 0) continue
          yield {
            path: ['services', name, 'scale', key],
            message: `expected a ${key} target above 0 %, found ${percent(0)}`,
            hint: "70 % leaves room for what arrives while a replica starts: `'70%'`",
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1234',
    title: 'Scaling by requests that a worker does not have',
    meaning: 'The gateway counts requests in flight; a worker gets none through it.',
    *check({ having }) {
      for (const { name, scale, protocol } of having.scale) {
        if (scale?.inFlight === undefined || protocol !== 'worker') continue
        yield {
          path: ['services', name, 'scale', 'inFlight'],
          message: 'expected a target that a worker has (cpu, memory or a schedule), found inFlight',
          hint: "use `cpu: '70%'`, or give the service a port",
        }
      }
    },
  }),
  refusal({
    code: 'SW1235',
    title: 'Scaling step that changes nothing',
    meaning: 'A step of 0 % and no replicas never moves the number.',
    *check({ having }) {
      for (const { name, scale } of having.scale) {
        for (const direction of ['up', 'down'] as const) {
          const step = scale?.[direction]
          if (!step || (step.percent ?? 0) > 0 || (step.replicas ?? 0) > 0) continue
          yield {
            path: ['services', name, 'scale', direction],
            message: `expected \`percent\` or \`replicas\` above zero, found a step of nothing per ${time(step.window)}`,
            hint: "set `percent: '100%'` or `replicas: 1`",
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1240',
    title: 'Minimum available that blocks every drain',
    meaning:
      'As many replicas must stay up as there are, so no node can ever be drained and no machine taken out of service.',
    *check({ having }) {
      for (const service of having.minAvailable) {
        const { least } = replicasOf(service)
        if (service.minAvailable === undefined || least === 0) continue
        const kept = countOf(service.minAvailable, least)
        if (kept < least) continue
        yield {
          path: ['services', service.name, 'minAvailable'],
          message: `expected fewer than ${count(least, 'replica')} (the smallest number that runs), found ${service.minAvailable}${typeof service.minAvailable === 'string' ? `, which comes to ${kept}` : ''}`,
          hint:
            least === 1
              ? 'run at least 2 replicas, or take `minAvailable` away'
              : `set minAvailable to ${least - 1}, or run at least ${count(kept + 1, 'replica')}`,
        }
      }
    },
  }),
  refusal({
    code: 'SW1241',
    title: 'Rolling update that can neither add nor remove',
    meaning: 'With no replica above and none below the wanted number, no old replica can ever make way for a new one.',
    *check({ having }) {
      for (const service of having.rolling) {
        const { least } = replicasOf(service)
        const { strategy, maxSurge, maxUnavailable } = service.rollout
        if (strategy !== 'rolling' || least === 0) continue
        if (countOf(maxSurge, least) > 0 || Math.floor(percentOrCount(maxUnavailable, least)) > 0) continue
        yield {
          path: ['services', service.name, 'rollout', 'maxSurge'],
          message: `expected \`maxSurge\` or \`maxUnavailable\` above zero, found ${maxSurge} and ${maxUnavailable}`,
          hint: 'set maxSurge to 1 (no capacity is lost), or maxUnavailable to 1 (none is added)',
        }
      }
    },
  }),
  warning({
    code: 'SW2241',
    title: 'Rolling update that may take every replica away',
    meaning: 'All replicas may be unavailable at once, so an update may be an outage.',
    *check({ having }) {
      for (const service of having.rolling) {
        const { least } = replicasOf(service)
        const { strategy, maxUnavailable } = service.rollout
        if (strategy !== 'rolling' || least === 0) continue
        if (Math.floor(percentOrCount(maxUnavailable, least)) < least) continue
        yield {
          path: ['services', service.name, 'rollout', 'maxUnavailable'],
          message: `expected at least 1 replica to stay up during an update, found ${maxUnavailable} of ${least} unavailable`,
          hint: 'set maxUnavailable to 0 and maxSurge to 1',
        }
      }
    },
  }),
  warning({
    code: 'SW2242',
    title: 'Core service with one replica in production',
    meaning: 'The loss of one process or machine is an outage of what everything else depends on.',
    *check(context) {
      if (!context.production) return
      for (const service of context.having.core) {
        if (service.tier !== 'core' || replicasOf(service).least !== 1) continue
        yield {
          path: ['services', service.name, service.scale ? 'scale' : 'replicas'],
          message: 'expected at least 2 replicas of a core service in production, found 1',
          hint: service.scale ? 'set the minimum of its scale to 2' : 'set `replicas: 2`',
        }
      }
    },
  }),
]

/** A count, or a percentage of `of`; Kubernetes rounds `maxUnavailable` down. */
function percentOrCount(value: number | string, of: number): number {
  return typeof value === 'number' ? value : (Number.parseFloat(value) / 100) * of
}
