import type { Service } from '../resolved.generated.ts'
import type { Context } from './context.ts'
import { type Rule, refusal, warning } from './rule.ts'

const rank = { core: 2, business: 1, support: 0 } as const

/** Rules on what needs what. */
export const dependencyRules: readonly Rule[] = [
  refusal({
    code: 'SW1601',
    title: 'Cycle in needs',
    meaning:
      'Each waits for the next to be ready before it starts, so none of them ever does. Make one of the needs optional, or turn it round.',
    *check(context) {
      for (const cycle of cyclesOf(context)) {
        const [first] = cycle
        if (!first) continue
        const weakest = cycle.at(-1) ?? first
        yield {
          path: ['services', first.service.name, 'needs', first.index],
          message: `expected needs that lead somewhere, found a circle: ${[...cycle.map(({ service }) => service.name), first.service.name].join(' → ')}`,
          hint: `let one start without the next, such as \`{ on: ${first.service.name}, optional: true }\` in ${weakest.service.name}`,
        }
      }
    },
  }),
  refusal({
    code: 'SW1602',
    title: 'Two needs under one variable',
    meaning: 'Both would write the same `<AS>_URL`, so one address is lost.',
    *check({ fleet }) {
      for (const [key, programs] of [
        ['services', fleet.services],
        ['jobs', fleet.jobs],
      ] as const) {
        for (const [name, { needs }] of Object.entries(programs)) {
          const seen = new Map<string, string>()
          for (const [index, { as, on }] of needs.entries()) {
            const other = seen.get(as)
            if (other === undefined) seen.set(as, on.name)
            else {
              yield {
                path: [key, name, 'needs', index],
                message: `expected a variable of its own for \`${on.name}\`, found ${as}_URL, which is \`${other}\` already`,
                hint: other === on.name ? 'take one of the two away' : `add \`as: '${as}_2'\``,
              }
            }
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1603',
    title: 'Need of something without an address',
    meaning: 'A worker listens nowhere, so there is no address to hand over and nothing to call.',
    *check({ fleet }) {
      for (const [key, programs] of [
        ['services', fleet.services],
        ['jobs', fleet.jobs],
      ] as const) {
        for (const [name, { needs }] of Object.entries(programs)) {
          for (const [index, { on }] of needs.entries()) {
            if (on.kind !== 'service' || fleet.services[on.name]?.protocol !== 'worker') continue
            yield {
              path: [key, name, 'needs', index],
              message: `expected a service with a port, found \`${on.name}\`, which is a worker`,
              hint: `give ${on.name} a port, or need what the two meet at (a database, a queue)`,
            }
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1604',
    title: 'Need of a scheduled job',
    meaning: 'A need on a job waits for its end; a job with a schedule has none.',
    *check({ fleet }) {
      for (const [key, programs] of [
        ['services', fleet.services],
        ['jobs', fleet.jobs],
      ] as const) {
        for (const [name, { needs }] of Object.entries(programs)) {
          for (const [index, { on }] of needs.entries()) {
            const schedule = on.kind === 'job' ? fleet.jobs[on.name]?.schedule : undefined
            if (schedule === undefined) continue
            yield {
              path: [key, name, 'needs', index],
              message: `expected a job that runs once, found \`${on.name}\` with schedule ${schedule}`,
              hint: `take \`schedule\` away from ${on.name}, or do not wait for it`,
            }
          }
        }
      }
    },
  }),
  warning({
    code: 'SW2601',
    title: 'Core service that needs a lesser one',
    meaning:
      'Whatever a core service cannot do without is as important as it is, but is watched and paged for with less urgency.',
    *check({ fleet, having }) {
      for (const { name, tier, needs } of having.core) {
        if (tier !== 'core') continue
        for (const [index, { on, optional }] of needs.entries()) {
          const theirs = on.kind === 'service' ? fleet.services[on.name]?.tier : undefined
          if (optional || theirs === undefined || rank[theirs] >= rank[tier]) continue
          yield {
            path: ['services', name, 'needs', index],
            message: `expected a core service to need core services only, found \`${on.name}\` (${theirs})`,
            hint: `make ${on.name} core, or live without it: \`optional: true\``,
          }
        }
      }
    },
  }),
  warning({
    code: 'SW2602',
    title: 'Variable that a need writes too',
    meaning:
      'The address of a need is handed over in a variable that is also written by hand; which one wins is a surprise.',
    *check({ fleet }) {
      for (const [key, programs] of [
        ['services', fleet.services],
        ['jobs', fleet.jobs],
      ] as const) {
        for (const [name, { needs, env }] of Object.entries(programs)) {
          for (const { as, on } of needs) {
            const variable = `${as}_URL`
            if (!Object.hasOwn(env, variable)) continue
            yield {
              path: [key, name, 'env', variable],
              message: `expected ${variable} from the need on \`${on.name}\` alone, found it in \`env\` too`,
              hint: 'take it out of `env`, or give the need another `as`',
            }
          }
        }
      }
    },
  }),
  warning({
    code: 'SW2603',
    title: 'External service that is not watched',
    meaning: 'Readiness of what others run is never asked, so its loss is noticed by users first.',
    *check({ fleet, dependents }) {
      for (const [name, { check }] of Object.entries(fleet.externals)) {
        if (check !== 'none' || !dependents.get(name)?.some(({ need }) => !need.optional)) continue
        yield {
          path: ['externals', name, 'check'],
          message: 'expected a check of something that a service cannot do without, found `none`',
          hint: "set `check: 'tcp'`, or make the needs on it optional",
        }
      }
    },
  }),
]

interface Edge {
  readonly service: Service
  readonly index: number
}

/** Each circle of required needs between services once, beginning at the name that comes first; linear in the edges. */
function* cyclesOf({ services, fleet }: Context): Iterable<readonly Edge[]> {
  const state = new Map<string, 'open' | 'done'>()
  for (const root of services) {
    if (state.has(root.name)) continue
    const stack: { service: Service; next: number }[] = [{ service: root, next: 0 }]
    state.set(root.name, 'open')
    while (stack.length > 0) {
      const top = stack.at(-1)
      if (!top) break
      const index = top.next++
      const need = top.service.needs[index]
      if (!need) {
        state.set(top.service.name, 'done')
        stack.pop()
        continue
      }
      const target = need.on.kind === 'service' && !need.optional ? fleet.services[need.on.name] : undefined
      if (!target) continue
      const seen = state.get(target.name)
      if (seen === undefined) {
        state.set(target.name, 'open')
        stack.push({ service: target, next: 0 })
      } else if (seen === 'open') {
        const from = stack.findIndex(({ service }) => service === target)
        const circle = stack.slice(from).map(({ service, next }) => ({ service, index: next - 1 }))
        yield turned(circle)
      }
    }
  }
}

function turned(circle: readonly Edge[]): readonly Edge[] {
  const first = circle.reduce(
    (best, { service }, index) => (service.name < (circle[best]?.service.name ?? '') ? index : best),
    0,
  )
  return [...circle.slice(first), ...circle.slice(0, first)]
}
