/** A path through an object: keys and list positions. */
export type Path = readonly (string | number)[]

/** Places that people set, whether or not the environments differ there, and the names under which they find them. */
const knobs: readonly (readonly [kind: string, path: RegExp, name: string])[] = [
  ['Deployment', /^spec\.replicas$/, 'replicas'],
  ['StatefulSet', /^spec\.replicas$/, 'replicas'],
  ['*', /^spec\.template\.spec\.containers\.0\.image$/, 'image'],
  ['*', /^spec\.template\.spec\.containers\.0\.resources$/, 'resources'],
  ['*', /^spec\.template\.spec\.containers\.0\.env$/, 'env'],
  ['*', /^spec\.template\.spec\.containers\.0\.command$/, 'command'],
  ['CronJob', /^spec\.jobTemplate\.spec\.template\.spec\.containers\.0\.image$/, 'image'],
  ['CronJob', /^spec\.jobTemplate\.spec\.template\.spec\.containers\.0\.resources$/, 'resources'],
  ['CronJob', /^spec\.jobTemplate\.spec\.template\.spec\.containers\.0\.env$/, 'env'],
  ['CronJob', /^spec\.schedule$/, 'schedule'],
  ['HorizontalPodAutoscaler', /^spec\.minReplicas$/, 'minReplicas'],
  ['HorizontalPodAutoscaler', /^spec\.maxReplicas$/, 'maxReplicas'],
  ['Ingress', /^spec\.ingressClassName$/, 'ingressClass'],
  ['Ingress', /^spec\.rules$/, 'ingressRules'],
  ['Ingress', /^spec\.tls$/, 'ingressTls'],
  ['HTTPRoute', /^spec\.hostnames$/, 'hostnames'],
  ['PersistentVolumeClaim', /^spec\.resources\.requests\.storage$/, 'storageSize'],
]

/** The name of a knob, if there is one at this place. */
export function knobAt(kind: string, path: Path): string | undefined {
  const text = path.join('.')
  return knobs.find(([of, pattern]) => (of === '*' || of === kind) && pattern.test(text))?.[2]
}

/** A name for a place that is no knob: its kind and the words of its path, in camel case. */
export function nameOfPath(kind: string, path: Path): string {
  const words = [kind, ...path.map(String)].flatMap((part) => part.split(/[^A-Za-z0-9]+/)).filter(Boolean)
  return words
    .map((word, i) => (i === 0 ? word.charAt(0).toLowerCase() : word.charAt(0).toUpperCase()) + word.slice(1))
    .join('')
}
