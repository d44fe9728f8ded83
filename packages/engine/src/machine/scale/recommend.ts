import { cronTimes, readCron, type Scale, type ScaleStep } from '@seaworthy/model'

/** What was measured of a version's ready replicas, averaged over them. */
export interface LoadSample {
  /** CPU in use relative to what is requested. */
  readonly cpu?: number
  /** Memory in use relative to what is requested. */
  readonly memory?: number
  /** Requests in flight per replica. */
  readonly inFlight?: number
}

/** What the scaler remembers of one service. Times are ms since the Unix epoch. */
export interface ScaleHistory {
  /** What the load alone asked for, newest last. */
  readonly wishes: readonly { readonly at: number; readonly replicas: number }[]
  /** Numbers that were in force, newest last. */
  readonly changes: readonly { readonly at: number; readonly from: number; readonly to: number }[]
}

export const noHistory: ScaleHistory = { wishes: [], changes: [] }

/** How far a metric may be off its target before anything moves, as in Kubernetes' autoscaler. */
const tolerance = 0.1

/**
 * How many replicas a service should have now, and what to remember. The rule is that of Kubernetes' horizontal
 * autoscaler (HPA v2): replicas × measured ÷ target for each metric, the greatest of them; within 10 % of the target
 * nothing moves; growth follows the least, shrinking the greatest wish of its stabilisation time; no step beyond the
 * larger of `percent` and `replicas` per window; schedules lift the floor. Nothing measured moves nothing.
 */
export function recommend(
  scale: Scale,
  current: number,
  sample: LoadSample | undefined,
  history: ScaleHistory,
  now: number,
): { readonly replicas: number; readonly history: ScaleHistory } {
  const floor = Math.min(scale.max, Math.max(scale.min, ...activeFloors(scale, now)))
  const wish = sample && wished(scale, current, sample)
  const keep = Math.max(scale.up.stabilise, scale.down.stabilise, scale.up.window, scale.down.window)
  const wishes = wish === undefined ? history.wishes : [...history.wishes, { at: now, replicas: wish }]
  const recent = wishes.filter(({ at }) => at > now - keep - 1)
  const since = (ms: number): readonly number[] =>
    recent.filter(({ at }) => at >= now - ms).map(({ replicas }) => replicas)
  const least = Math.min(...since(scale.up.stabilise), Number.POSITIVE_INFINITY)
  const greatest = Math.max(...since(scale.down.stabilise), Number.NEGATIVE_INFINITY)
  let replicas = current
  if (wish !== undefined && least > current) replicas = Math.min(least, mostUp(scale.up, current, history, now))
  else if (wish !== undefined && greatest < current)
    replicas = Math.max(greatest, leastDown(scale.down, current, history, now))
  // Bounds win over steps: they may have changed while nobody looked.
  replicas = Math.min(scale.max, Math.max(floor, replicas))
  const changes = history.changes.filter(({ at }) => at > now - keep - 1)
  return {
    replicas,
    history: {
      wishes: recent,
      changes: replicas === current ? changes : [...changes, { at: now, from: current, to: replicas }],
    },
  }
}

function wished(scale: Scale, current: number, sample: LoadSample): number | undefined {
  const ratios = (['cpu', 'memory', 'inFlight'] as const).flatMap((metric) => {
    const [target, measured] = [scale[metric], sample[metric]]
    return target === undefined || measured === undefined ? [] : [measured / target]
  })
  if (ratios.length === 0) return undefined
  const wishes = ratios.map((ratio) => (Math.abs(ratio - 1) <= tolerance ? current : Math.ceil(current * ratio - 1e-9)))
  return Math.max(...wishes)
}

/** The largest number that growth allows now: relative to what was in force when the window began. */
function mostUp(step: ScaleStep, current: number, history: ScaleHistory, now: number): number {
  if (step.percent === undefined && step.replicas === undefined) return Number.POSITIVE_INFINITY
  const start = atBegin(step.window, current, history, now)
  return Math.max(start + (step.replicas ?? 0), Math.ceil(start * (1 + (step.percent ?? 0))))
}

function leastDown(step: ScaleStep, current: number, history: ScaleHistory, now: number): number {
  if (step.percent === undefined && step.replicas === undefined) return 0
  const start = atBegin(step.window, current, history, now)
  return Math.min(start - (step.replicas ?? 0), Math.floor(start * (1 - (step.percent ?? 0))))
}

function atBegin(window: number, current: number, history: ScaleHistory, now: number): number {
  return history.changes.find(({ at }) => at > now - window)?.from ?? current
}

/** Floors whose time it is. */
function activeFloors(scale: Scale, now: number): readonly number[] {
  return scale.schedule.flatMap((floor) => {
    const cron = readCron(floor.cron)
    if (!cron.ok) return []
    const began = cronTimes(cron.value, now - floor.for - 1, floor.for).next()
    return !began.done && began.value <= now ? [floor.min] : []
  })
}
