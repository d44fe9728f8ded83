import type { Job, Machine, Service } from '../resolved.generated.ts'
import { type Context, replicasOf } from './context.ts'

/** A program with the machines that it may run on; none when the fleet lists no machine that fits. */
export interface Placing {
  readonly program: Service | Job
  readonly kind: 'services' | 'jobs'
  readonly machines: readonly Machine[]
  /** Replicas at the same time, fewest and most; a job is one. */
  readonly least: number
  readonly most: number
}

/** Where each service and job may run, by the machines and zones that it names. Empty when the fleet lists no machines. */
export function placings(context: Context): readonly Placing[] {
  const all = Object.values(context.fleet.machines)
  if (all.length === 0) return []
  return [
    ...context.services.map((program): Placing => {
      return { program, kind: 'services', machines: machinesFor(program, all, context), ...replicasOf(program) }
    }),
    ...context.jobs.map((program): Placing => {
      return { program, kind: 'jobs', machines: machinesFor(program, all, context), least: 1, most: 1 }
    }),
  ]
}

function machinesFor({ place }: Service | Job, all: readonly Machine[], { fleet }: Context): readonly Machine[] {
  if (place.machines.length === 0 && place.zones.length === 0) return all
  const named = place.machines.length === 0 ? all : place.machines.flatMap((name) => fleet.machines[name] ?? [])
  return place.zones.length === 0 ? named : named.filter(({ zone }) => place.zones.includes(zone))
}

/** A set of machines with everything that can run nowhere else. */
export interface Crowd {
  readonly machines: readonly Machine[]
  readonly placings: readonly Placing[]
}

/**
 * For each set of machines that some program is bound to, all programs bound to it or to a part of it. Demand above
 * the capacity of such a set can be met by no placement (the necessary half of Hall's theorem, 1935).
 */
export function crowds(list: readonly Placing[]): readonly Crowd[] {
  const groups = new Map<string, { readonly machines: readonly Machine[]; readonly placings: Placing[] }>()
  for (const placing of list) {
    if (placing.machines.length === 0) continue
    const key = placing.machines
      .map(({ name }) => name)
      .sort()
      .join(' ')
    const group = groups.get(key)
    if (group) group.placings.push(placing)
    else groups.set(key, { machines: placing.machines, placings: [placing] })
  }
  const sets = [...groups.values()].map((group) => ({ ...group, names: new Set(group.machines.map((m) => m.name)) }))
  return sets.map(({ machines, names }) => ({
    machines,
    placings: sets
      .filter((other) => other.machines.every(({ name }) => names.has(name)))
      .flatMap((other) => other.placings),
  }))
}
