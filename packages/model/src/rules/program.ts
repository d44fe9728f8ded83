import type { PathStep } from '../catalog-path.ts'
import type { LoadProfile, Service } from '../resolved.generated.ts'
import type { Context } from './context.ts'
import { count, percent, rateText, time } from './figures.ts'
import { type Rule, refusal, warning } from './rule.ts'

/** Rules on what runs, who answers for it, and what it is measured by. */
export const programRules: readonly Rule[] = [
  refusal({
    code: 'SW1901',
    title: 'Nothing to run',
    meaning: 'A service or job needs a command, an image, or a folder that an image is built from.',
    *check({ fleet }) {
      for (const [key, programs] of [
        ['services', fleet.services],
        ['jobs', fleet.jobs],
      ] as const) {
        for (const [name, { run, build, image }] of Object.entries(programs)) {
          if (image !== undefined || build !== undefined || (run !== undefined && run.length > 0)) continue
          yield {
            path: [key, name, 'run'],
            message: 'expected `run`, `build` or `image`, found none of them',
            hint: "add `run: 'node main.ts'`",
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1902',
    title: 'Name that Kubernetes does not take',
    meaning:
      'A Service’s name begins with a letter (RFC 1035), and a CronJob’s has at most 52 characters, because eleven are added for each run.',
    *check({ services, jobs, environment }) {
      if (environment.engine !== 'kubernetes') return
      for (const { name, protocol } of services) {
        if (protocol === 'worker' || !/^[0-9]/.test(name)) continue
        yield {
          path: ['services', name],
          message: `expected a name that begins with a letter, found \`${name}\``,
          hint: `call it \`s-${name}\``,
        }
      }
      for (const { name, schedule } of jobs) {
        if (schedule === undefined || name.length <= 52) continue
        yield {
          path: ['jobs', name],
          message: `expected at most 52 characters for a scheduled job, found ${name.length}`,
          hint: `call it \`${name.slice(0, 52).replace(/-+$/, '')}\``,
        }
      }
    },
  }),
  refusal({
    code: 'SW1903',
    title: 'Range upside down',
    meaning: 'The lower end of a range is above its upper end.',
    *check(context) {
      for (const { low, high, path, text } of rangesOf(context)) {
        if (low <= high) continue
        yield {
          path,
          message: `expected the lower end first, found [${text(low)}, ${text(high)}]`,
          hint: `write [${text(high)}, ${text(low)}]`,
        }
      }
    },
  }),
  refusal({
    code: 'SW1904',
    title: 'Load that is nothing, or two things',
    meaning: 'Load is a number of users or a rate of requests, for some time.',
    *check({ having }) {
      for (const { name, load } of having.load) {
        for (const [key, profile] of Object.entries(load)) {
          const path = ['services', name, 'load', key]
          if ((profile.users === undefined) === (profile.rate === undefined)) {
            yield {
              path,
              message: `expected exactly one of \`users\` and \`rate\`, found ${profile.users === undefined ? 'neither' : 'both'}`,
              hint: "write `users: 100`, or `rate: '50/s'`",
            }
          } else if (profile.for === 0 || profile.rate === 0) {
            yield {
              path,
              message: `expected load for some time, found ${profile.for === 0 ? time(0) : rateText(0)}`,
              hint: "write `for: '15m'`",
            }
          }
        }
      }
    },
  }),
  warning({
    code: 'SW2901',
    title: 'Core service that nobody answers for',
    meaning: 'At 3 a.m. someone must know whose it is, whom to wake and what to do first.',
    *check({ having }) {
      for (const service of having.core) {
        if (service.tier !== 'core') continue
        const missing = (['owner', 'onCall', 'runbook'] as const).filter((key) => service[key] === undefined)
        if (missing.length === 0) continue
        yield {
          path: ['services', service.name, missing[0] ?? 'owner'],
          message: `expected an owner, someone on call and a runbook of a core service, found no ${missing.join(', no ')}`,
          hint: 'add them once for all core services in the function that makes them',
        }
      }
    },
  }),
  warning({
    code: 'SW2902',
    title: 'Image without a digest in production',
    meaning: 'A tag may point to another image tomorrow, so what was tested is not what runs.',
    *check({ fleet, production }) {
      if (!production) return
      for (const [key, programs] of [
        ['services', fleet.services],
        ['jobs', fleet.jobs],
      ] as const) {
        for (const [name, { image }] of Object.entries(programs)) {
          if (image === undefined || /@sha256:[0-9a-f]{64}$/.test(image)) continue
          yield {
            path: [key, name, 'image'],
            message: `expected an image by digest in production, found \`${image}\``,
            hint: `write \`${image.replace(/@.*$/, '')}@sha256:...\`; the digest stands in the registry beside the tag`,
          }
        }
      }
    },
  }),
  warning({
    code: 'SW2903',
    title: 'Load test below what is expected',
    meaning: 'No load that the service is tested with reaches the traffic that it is declared to see at its busiest.',
    *check({ having }) {
      for (const { name, load, traffic } of having.load) {
        const rates = Object.values(load).map(({ rate }) => rate)
        const peak = traffic?.peak ?? traffic?.rate
        if (peak === undefined || rates.length === 0 || rates.some((rate) => rate === undefined)) continue
        const most = Math.max(...rates.map((rate) => rate ?? 0))
        if (most >= peak) continue
        yield {
          path: ['services', name, 'load'],
          message: `expected a load of at least ${rateText(peak)} (its peak), found at most ${rateText(most)} in ${count(rates.length, 'profile')}`,
          hint: `add a profile with \`rate: '${rateText(peak * 1.2)}'\``,
        }
      }
    },
  }),
]

interface Range {
  readonly low: number
  readonly high: number
  readonly path: readonly PathStep[]
  readonly text: (value: number) => string
}

/** Every pair in the fleet that is a range. */
function* rangesOf({ services, fleet }: Context): Iterable<Range> {
  for (const service of services) {
    const path = ['services', service.name]
    yield* bandsOf(service.bands, path)
    if (service.slo?.gpu) yield range(service.slo.gpu, [...path, 'slo', 'gpu'], percent)
    yield* costOf(service.cost, path)
    for (const [key, { users, kind }] of Object.entries(service.load)) {
      // A ramp may go down: only the other shapes have a lower and an upper end.
      if (typeof users === 'object' && !isRamp(kind)) yield range(users, [...path, 'load', key, 'users'], String)
    }
  }
  for (const [name, machine] of Object.entries(fleet.machines)) {
    yield* bandsOf(machine.bands, ['machines', name])
    yield* costOf(machine.cost, ['machines', name])
  }
  for (const [name, cost] of Object.entries(fleet.budget)) {
    if (typeof cost.perMonth === 'object') yield range(cost.perMonth, ['budget', name, 'perMonth'], String)
  }
}

function isRamp(kind: LoadProfile['kind']): boolean {
  return kind === 'ramp'
}

function* bandsOf(bands: Service['bands'], path: readonly PathStep[]): Iterable<Range> {
  for (const [key, pair] of Object.entries(bands ?? {})) if (pair) yield range(pair, [...path, 'bands', key], percent)
}

function* costOf(cost: Service['cost'], path: readonly PathStep[]): Iterable<Range> {
  if (typeof cost?.perMonth === 'object') yield range(cost.perMonth, [...path, 'cost', 'perMonth'], String)
}

function range(
  [low, high]: readonly [number, number],
  path: readonly PathStep[],
  text: (value: number) => string,
): Range {
  return { low, high, path, text }
}
