import { type Fleet, type FleetDocument, loadFleet, resolve } from '@seaworthy/model'
import { describe, expect, it } from 'vitest'
import { renderKubernetes } from './kubernetes/render.ts'
import { mayConnect, type PolicyPod } from './testing/policy-evaluation.ts'

const root = new URL('../../..', import.meta.url).pathname

/** Ports on which each part of a fleet in the cluster listens. */
function listeners(fleet: Fleet): ReadonlyMap<string, readonly number[]> {
  const services = Object.values(fleet.services).map((service): [string, number[]] => [
    service.name,
    [...(service.port ? [service.port] : []), ...Object.values(service.ports).map(({ port }) => port)],
  ])
  const inside = (parts: Readonly<Record<string, { url?: string }>>, port: number): [string, number[]][] =>
    Object.entries(parts).flatMap(([name, { url }]) => (url ? [] : [[name, [port]] as [string, number[]]]))
  return new Map([...services, ...inside(fleet.postgres, 5432), ...inside(fleet.redis, 6379)])
}

/** The edges that the catalog declares: needs, and callers that a service lets in. */
function declared(fleet: Fleet): ReadonlySet<string> {
  const programs = [...Object.values(fleet.services), ...Object.values(fleet.jobs)]
  const needs = programs.flatMap(({ name, needs }) => needs.map(({ on }) => `${name} → ${on.name}`))
  const ingress = Object.values(fleet.services).flatMap(({ name, network }) =>
    network.ingress.map((caller) => `${caller} → ${name}`),
  )
  return new Set([...needs, ...ingress])
}

describe('network policies', () => {
  it.each([
    ['codai', 'production', 29],
    ['project-ai', 'staging', 2],
    ['ai-system', 'production', 5],
  ])('of %s in %s allow the declared edges and no other, for every pair', async (name, environment, least) => {
    const { document } = await loadFleet(`${root}examples/${name}`, { cwd: root })
    const fleet = resolve(document as FleetDocument, environment)
    const objects = renderKubernetes(fleet)
    const wanted = declared(fleet)
    const listening = listeners(fleet)
    const pod = (name: string): PolicyPod => ({
      name,
      labels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': fleet.name },
    })
    const everyone = [...listening.keys(), ...Object.keys(fleet.jobs)]
    expect(everyone.length).toBeGreaterThanOrEqual(least)
    const wrong: string[] = []
    for (const from of everyone) {
      for (const [to, ports] of listening) {
        // The instances of an operated database talk to each other.
        if (from === to) continue
        for (const port of ports) {
          const open = mayConnect(objects, pod(from), pod(to), port)
          if (open !== wanted.has(`${from} → ${to}`)) wrong.push(`${from} → ${to}:${port} is ${open ? 'open' : 'shut'}`)
        }
        if (mayConnect(objects, pod(from), pod(to), 9)) wrong.push(`${from} → ${to}:9 is open`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('shut out a pod of which the catalog knows nothing', async () => {
    const { document } = await loadFleet(`${root}examples/codai`, { cwd: root })
    const fleet = resolve(document as FleetDocument, 'production')
    const stranger: PolicyPod = { name: 'stranger', labels: { app: 'stranger' } }
    const objects = renderKubernetes(fleet)
    for (const [name, ports] of listeners(fleet)) {
      const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': fleet.name }
      for (const port of ports) expect(mayConnect(objects, stranger, { name, labels }, port), name).toBe(false)
    }
  })
})
