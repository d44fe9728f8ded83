import { type HelloOptions, helloService, helloTemplate } from '../pods/hello-objects.ts'

/** How Argo Rollouts is told to judge a canary. */
export interface RolloutPlan {
  /** Pairs of the canary's share in percent and the pause after it in seconds. */
  readonly steps: readonly (readonly [percent: number, pauseSeconds: number])[]
  /** The step, from 0, from which the analysis runs in the background. */
  readonly startingStep: number
  /** Seconds between two measurements. */
  readonly intervalSeconds: number
  /** Length of the window of each measurement, in seconds. */
  readonly windowSeconds: number
  /** The canary fails when a measurement is below this success rate more than `failureLimit` times. */
  readonly leastSuccessRate: number
  readonly failureLimit: number
  /** What is measured: all pods of the service, as in the documentation's example, or the canary's alone. */
  readonly of: 'canary' | 'service'
}

/**
 * The example in Argo Rollouts' documentation (v1.10, "Analysis & Progressive Delivery", "Background Analysis"): 20 % more
 * every 10 minutes, the whole service's success rate every 5 minutes, three failures under 95 % allowed. `minute` is how many
 * seconds stand for one of its minutes: 60 as documented, less to fit a benchmark.
 */
export function documentedPlan(minute = 60): RolloutPlan {
  const pause = 10 * minute
  return {
    steps: [20, 40, 60, 80].map((percent) => [percent, pause] as const),
    startingStep: 2,
    intervalSeconds: 5 * minute,
    windowSeconds: 5 * minute,
    leastSuccessRate: 0.95,
    failureLimit: 3,
    of: 'service',
  }
}

/**
 * A Rollout of the hello service with its AnalysisTemplate and Service. Traffic follows the number of pods, as it does
 * without a mesh. The query is the documentation's, with the service's own counters in place of Istio's.
 */
export function rolloutObjects(options: HelloOptions, plan: RolloutPlan, prometheus: string): readonly object[] {
  const { name = 'hello', replicas } = options
  const selector = plan.of === 'canary' ? 'revision="{{args.revision}}"' : 'app="{{args.service}}"'
  const rate = (codes: string): string =>
    `sum(rate(http_requests_total{namespace="{{args.namespace}}",${selector}${codes}}[${plan.windowSeconds}s]))`
  const names = ['namespace', 'service', 'revision']
  const template = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisTemplate',
    metadata: { name: 'success-rate' },
    spec: {
      args: names.map((argument) => ({ name: argument })),
      metrics: [
        {
          name: 'success-rate',
          interval: `${plan.intervalSeconds}s`,
          successCondition: `result[0] >= ${plan.leastSuccessRate}`,
          failureLimit: plan.failureLimit,
          provider: { prometheus: { address: prometheus, query: `${rate(',code!~"5.*"')} / ${rate('')}` } },
        },
      ],
    },
  }
  const args = [
    { name: 'namespace', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
    { name: 'service', value: name },
    { name: 'revision', valueFrom: { podTemplateHashValue: 'Latest' } },
  ]
  const canary = {
    analysis: { templates: [{ templateName: 'success-rate' }], startingStep: plan.startingStep, args },
    steps: plan.steps.flatMap(([percent, seconds]) => [{ setWeight: percent }, { pause: { duration: `${seconds}s` } }]),
  }
  const rollout = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: helloTemplate(options),
      strategy: { canary },
    },
  }
  return [template, rollout, helloService(options)]
}

/** How far a Rollout is. */
export interface RolloutState {
  readonly metadata: { readonly generation: number }
  readonly status?: {
    readonly phase?: 'Degraded' | 'Healthy' | 'Paused' | 'Progressing'
    /** Why it is in that phase. */
    readonly message?: string
    readonly abort?: boolean
    readonly observedGeneration?: string
    readonly stableRS?: string
    readonly currentPodHash?: string
  }
}
