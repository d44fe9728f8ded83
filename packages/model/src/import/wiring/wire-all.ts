import type { Notes } from '../note.ts'
import { type Wiring, wire } from './wire.ts'
import type { Wireable } from './wireable.ts'

/** Wires all services: what waits first, so that an address in a variable never closes a circle. */
export function wireAll(frames: readonly Wireable[], notes: Notes): ReadonlyMap<string, Wiring> {
  const edges = new Map(
    frames.map((frame) => [frame.key, new Set(frame.dependencies.map((dependency) => dependency.on))]),
  )
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean => {
    if (from === to) return true
    if (seen.has(from)) return false
    seen.add(from)
    return [...(edges.get(from) ?? [])].some((next) => reaches(next, to, seen))
  }
  const wired = new Map<string, Wiring>()
  for (const frame of frames) {
    if (frame.ref.kind !== 'service' && frame.ref.kind !== 'job') continue
    const wiring = wire(
      frame,
      {
        frame: (key) => frames.find((one) => one.key === key),
        frameOf: (host) => frames.find((one) => one.hosts.includes(host)),
        wouldCircle: (from, on) => reaches(on, from),
      },
      notes,
    )
    wired.set(frame.key, wiring)
    for (const need of wiring.needs) {
      const target = frames.find((one) => one.ref === need.on)
      if (target) edges.get(frame.key)?.add(target.key)
    }
  }
  return wired
}
