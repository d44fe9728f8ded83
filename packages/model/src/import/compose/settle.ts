import type { DraftPart } from '../draft.ts'
import type { Notes } from '../note.ts'

/** Takes out what parts cannot say together, though each could alone; says so. */
export function settleParts(parts: readonly DraftPart[], notes: Notes): readonly DraftPart[] {
  const machines = parts.filter((part) => part.kind === 'machine').length
  return parts.map((part) => {
    const spec = { ...part.spec }
    const place = settlePlace(part, machines, notes)
    if (place !== undefined) spec.place = place
    else delete spec.place
    if (spec.hostPort !== undefined && Number(spec.replicas ?? 1) > 1) {
      notes.changed(
        part.at,
        `services.${part.name}.ports`,
        `${Number(spec.replicas)} replicas cannot share the port ${String(spec.hostPort)} of one machine, so it is not opened there`,
        'Let its callers need it.',
      )
      delete spec.hostPort
    }
    return { ...part, spec }
  })
}

/** A port for the gateway that no service opens on the machine itself. */
export function settleGateway(
  environment: Readonly<Record<string, unknown>>,
  parts: readonly DraftPart[],
  notes: Notes,
): Readonly<Record<string, unknown>> {
  const taken = new Map(
    parts.flatMap((part) => (part.spec.hostPort === undefined ? [] : [[Number(part.spec.hostPort), part] as const])),
  )
  const wanted = Number(environment.gatewayPort ?? 8080)
  const other = taken.get(wanted)
  if (!other) return environment
  const free = [8000, 8888, 8088, 8180, 8280].find((port) => !taken.has(port)) ?? 0
  notes.changed(
    other.at,
    `services.${other.name}.ports`,
    `${other.name} has the port ${wanted} of the machine, so the gateway listens on ${free}`,
    'Set `gatewayPort` of the environment.',
  )
  return { ...environment, gatewayPort: free }
}

/** Zones and machines that one knows nothing of cannot be demanded. */
function settlePlace(part: DraftPart, machines: number, notes: Notes): unknown {
  const { place } = part.spec
  if (machines === 0 || typeof place !== 'object' || place === null || Array.isArray(place)) return place
  const { zones, antiAffinity, ...rest } = place as Readonly<Record<string, unknown>>
  const path = `services.${part.name}.deploy.placement`
  if (zones !== undefined)
    notes.lost(
      part.at,
      path,
      `nothing says which machines lie in the zone ${String(zones)}`,
      "Declare them, `machine('name', { zone })`, and write `place: { zones }`.",
    )
  const apart = Number(part.spec.replicas ?? 1) <= machines
  if (antiAffinity !== undefined && !apart)
    notes.lost(
      part.at,
      path,
      'the file names fewer machines than replicas that must be apart',
      'Declare the machines, and write `place: { antiAffinity }`.',
    )
  const settled = { ...rest, ...(antiAffinity !== undefined && apart && { antiAffinity }) }
  return Object.keys(settled).length > 0 ? settled : undefined
}
