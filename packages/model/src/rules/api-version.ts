import type { PathStep } from '../catalog-path.ts'
import type { ApiVersion, Service } from '../resolved.generated.ts'
import { printDate, startOfDay } from '../units/calendar-date.ts'
import type { Context } from './context.ts'
import { type Rule, refusal, warning } from './rule.ts'

const halfYear = 182 * 86_400_000

/** Rules on API versions and how they end. */
export const apiVersionRules: readonly Rule[] = [
  refusal({
    code: 'SW1510',
    title: 'Sunset before deprecation',
    meaning: 'A version is deprecated first and answers 410 later; here it would end before anyone was told.',
    *check(context) {
      for (const { version, path } of versionsOf(context)) {
        const { deprecated, sunset } = version
        if (deprecated === undefined || sunset === undefined || sunset >= deprecated) continue
        yield {
          path: [...path, 'sunset'],
          message: `expected a day after ${deprecated} (deprecation), found ${sunset}`,
          hint: `set sunset to ${later(deprecated)}, half a year after the deprecation, or swap the two`,
        }
      }
    },
  }),
  refusal({
    code: 'SW1511',
    title: 'Stable version past its sunset',
    meaning: 'The version is called stable, but its day is over: every request is answered with 410.',
    *check(context) {
      for (const { version, path } of versionsOf(context)) {
        if (version.status === 'deprecated' || version.sunset === undefined || version.sunset >= context.today) continue
        yield {
          path: [...path, 'status'],
          message: `expected a ${version.status} version to have no sunset before ${context.today}, found ${version.sunset}`,
          hint: "set `status: 'deprecated'`, move the sunset, or take the route away",
        }
      }
    },
  }),
  refusal({
    code: 'SW1512',
    title: 'Successor that is not served',
    meaning: 'Clients are told to move to a version that no route of the service serves, or to the one they are on.',
    *check(context) {
      for (const { version, path, service } of versionsOf(context)) {
        const { successor } = version
        if (successor === undefined) continue
        const served = new Set(service.routes.flatMap((route) => (route.version ? [route.version.name] : [])))
        if (successor !== version.name && served.has(successor)) continue
        served.delete(version.name)
        yield {
          path: [...path, 'successor'],
          message: `expected another version that ${service.name} serves (${[...served].join(', ') || 'there is none'}), found ${successor}`,
          hint:
            served.size > 0
              ? `write \`successor: '${[...served].at(-1)}'\``
              : `add a route with \`version: '${successor}'\`, or take \`successor\` away`,
        }
      }
    },
  }),
  warning({
    code: 'SW2510',
    title: 'Version that ends without notice',
    meaning: 'A sunset is set, but no deprecation, so clients learn of the end by the 410.',
    *check(context) {
      for (const { version, path } of versionsOf(context)) {
        if (version.sunset === undefined || version.deprecated !== undefined || version.sunset < context.today) continue
        yield {
          path: [...path, 'deprecated'],
          message: `expected a day of deprecation before the sunset on ${version.sunset}, found none`,
          hint: `add \`deprecated: '${context.today}'\``,
        }
      }
    },
  }),
  warning({
    code: 'SW2511',
    title: 'Deprecated version past its sunset',
    meaning: 'Every request of it is answered with 410; the route and its code can go.',
    *check(context) {
      for (const { version, path } of versionsOf(context)) {
        if (version.status !== 'deprecated' || version.sunset === undefined || version.sunset >= context.today) continue
        yield {
          path: [...path, 'sunset'],
          message: `expected a day from ${context.today} on, found ${version.sunset}`,
          hint: 'take the route away',
        }
      }
    },
  }),
]

function* versionsOf({ having }: Context): Iterable<{
  readonly version: ApiVersion
  readonly path: readonly PathStep[]
  readonly service: Service
}> {
  for (const service of having.routes) {
    for (const [index, { version }] of service.routes.entries()) {
      if (version) yield { version, path: ['services', service.name, 'routes', index, 'version'], service }
    }
  }
}

function later(day: string): string {
  return printDate(startOfDay(day) + halfYear)
}
