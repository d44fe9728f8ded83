import type { Engine } from '@seaworthy/engine'
import type { FakeEngine } from './fake-engine.ts'

/** Passes each verb through, and may stop it before or after it took effect. */
export type Around = <T>(verb: string, call: () => Promise<T>) => Promise<T>

/** Several engines in memory, one a service, as the engine of one fleet; `calls` has their verbs in the order in which they were said. */
export function fakeFleet(
  engines: Readonly<Record<string, FakeEngine>>,
  calls: string[],
  around: Around = (_, call) => call(),
): Engine {
  const all = Object.values(engines)
  const of = (service: string): FakeEngine => {
    const found = engines[service]
    if (!found) throw new Error(`the test has no engine for ${service}`)
    return found
  }
  const said = <T>(verb: string, service: string, detail: string, call: () => Promise<T>): Promise<T> =>
    around(verb, () => {
      calls.push(`${service}: ${verb} ${detail}`)
      return call()
    })
  const engine: Partial<Engine> = {
    kind: 'machine',
    async state() {
      const states = await Promise.all(all.map((each) => each.state()))
      const [first] = states
      if (!first) throw new Error('no engine')
      return { ...first, services: states.flatMap(({ services }) => services) }
    },
    async *observe() {
      for (const each of all) for await (const seen of each.observe()) if (seen.kind !== 'synced') yield seen
      yield { kind: 'synced', at: 0 }
    },
    ensureVersion: (service, request) =>
      said('ensure', service, request.version, () => of(service).ensureVersion(service, request)),
    scaleVersion: (service, version, replicas) =>
      said('scale', service, version, () => of(service).scaleVersion(service, version, replicas)),
    removeVersion: (service, version) =>
      said('remove', service, version, () => of(service).removeVersion(service, version)),
    route: (service, shares, options) =>
      said('route', service, Object.keys(shares).join('+'), () => of(service).route(service, shares, options)),
    promote: (service, version) => said('promote', service, version, () => of(service).promote(service, version)),
    async counters() {
      const pages = await Promise.all(all.map((each) => each.counters()))
      return pages.flatMap((own, i) => own.map((page) => ({ ...page, worker: `w${i}` })))
    },
    exposure: (service) => of(service).exposure(),
    preview: (service, version) => of(service).preview(service, version),
  }
  return engine as Engine
}
