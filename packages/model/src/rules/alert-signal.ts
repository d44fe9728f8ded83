/** How the value of a signal is measured. */
export type SignalUnit =
  /** Share of requests or of capacity, 0..1; written `5%`. */
  | 'fraction'
  /** Time in ms; written `500ms`, `14d`. */
  | 'duration'
  /** Events per second; written `3/h`, `10/min`. */
  | 'rate'
  /** Things counted; written `3`. */
  | 'count'
  /** A ratio to what is usual or allowed; written `2x`. */
  | 'times'

/** Something that an alert can be about. */
export interface AlertSignal {
  readonly name: string
  /** Units in which it may be compared, the usual one first. */
  readonly units: readonly SignalUnit[]
  /** Whether services have it, the whole fleet, or both. */
  readonly scope: 'service' | 'fleet' | 'both'
  /** What is measured. */
  readonly doc: string
  /** Greatest value that it can take, in the unit of the resolved form; none when absent. */
  readonly most?: number
}

const quantile = /^p(?:[1-9][0-9]?(?:\.[0-9]{1,3})?)$/

/** Every signal that alerts may be written on, besides quantiles (`p95`) and a service's own counters. */
export const alertSignals: readonly AlertSignal[] = [
  { name: 'errors', units: ['fraction'], scope: 'service', most: 1, doc: 'share of requests that failed' },
  { name: 'requests', units: ['rate'], scope: 'service', doc: 'requests, or messages taken' },
  { name: 'in-flight', units: ['count'], scope: 'service', doc: 'requests being answered' },
  { name: 'slowdown', units: ['times'], scope: 'service', doc: 'p95 now, relative to the same hour of the last weeks' },
  { name: 'ready', units: ['count', 'fraction'], scope: 'service', doc: 'replicas that take traffic' },
  { name: 'restarts', units: ['rate'], scope: 'service', doc: 'replicas restarted for any reason' },
  { name: 'crashes', units: ['rate'], scope: 'service', doc: 'replicas that ended by themselves with an error' },
  { name: 'oom-kills', units: ['rate'], scope: 'service', doc: 'replicas killed for want of memory' },
  { name: 'cpu', units: ['fraction'], scope: 'both', most: 1, doc: 'CPU in use, of the limit or of the machine' },
  { name: 'memory', units: ['fraction'], scope: 'both', most: 1, doc: 'memory in use, of the limit or of the machine' },
  { name: 'disk', units: ['fraction'], scope: 'both', most: 1, doc: 'disk in use' },
  { name: 'gpu', units: ['fraction'], scope: 'both', most: 1, doc: 'GPU in use' },
  { name: 'gpu-memory', units: ['fraction'], scope: 'both', most: 1, doc: 'GPU memory in use' },
  { name: 'queue-age', units: ['duration'], scope: 'service', doc: 'age of the oldest waiting message' },
  { name: 'queue-length', units: ['count'], scope: 'service', doc: 'messages waiting' },
  {
    name: 'burn',
    units: ['times'],
    scope: 'service',
    doc: 'speed at which the error budget is spent; 1x lasts the window',
  },
  { name: 'budget', units: ['fraction'], scope: 'service', most: 1, doc: 'error budget that is left' },
  { name: 'blocked', units: ['rate'], scope: 'both', doc: 'requests that inspection blocked or detected' },
  {
    name: 'auth-failures',
    units: ['rate'],
    scope: 'both',
    doc: 'requests turned away for want of a valid token or key',
  },
  { name: 'rate-limited', units: ['rate'], scope: 'both', doc: 'requests answered 429' },
  { name: 'releases', units: ['rate'], scope: 'both', doc: 'releases begun' },
  { name: 'rollbacks', units: ['rate'], scope: 'both', doc: 'releases taken back' },
  { name: 'certificate-expiry', units: ['duration'], scope: 'both', doc: 'time until a certificate expires' },
  { name: 'backup-age', units: ['duration'], scope: 'both', doc: 'age of the newest good backup' },
  { name: 'nodes-down', units: ['count'], scope: 'fleet', doc: 'machines or cluster nodes that do not answer' },
  { name: 'api-servers-down', units: ['count'], scope: 'fleet', doc: 'Kubernetes API servers that do not answer' },
  { name: 'databases-down', units: ['count'], scope: 'fleet', doc: 'databases and caches that cannot be reached' },
  { name: 'services-down', units: ['count'], scope: 'fleet', doc: 'services without a ready replica' },
]

const byName: ReadonlyMap<string, AlertSignal> = new Map(alertSignals.map((signal) => [signal.name, signal]))

/** The signal of a name, latency quantiles (`p50` to `p99.999`) among them; undefined when there is none. */
export function signalOf(name: string): AlertSignal | undefined {
  if (quantile.test(name)) {
    return {
      name,
      units: ['duration'],
      scope: 'service',
      doc: `latency that ${name.slice(1)} % of requests stay below`,
    }
  }
  return byName.get(name)
}

/** The signal that a service's own counter makes: its rate, its value, or its share of requests. */
export function counterSignal(name: string, doc: string): AlertSignal {
  return { name, units: ['rate', 'count', 'fraction'], scope: 'service', doc }
}
