import type { Notes } from '../note.ts'
import { openSection, type Section } from '../section.ts'
import { textOf } from '../yaml/tree.ts'
import { asCpu, asSize } from './units.ts'

/** CPU, memory, processes, GPUs. */
export function readCapacity(service: Section, resources: Section | undefined, notes: Notes): Record<string, unknown> {
  const limits = resources?.section('limits')
  const reservations = resources?.section('reservations')
  const cpu = pick(service, 'cpu', asCpu, notes, [
    [limits, 'cpus'],
    [service, 'cpus'],
    [reservations, 'cpus'],
  ])
  const memory = pick(service, 'memory', asSize, notes, [
    [limits, 'memory'],
    [service, 'mem_limit'],
    [reservations, 'memory'],
    [service, 'mem_reservation'],
  ])
  const pids = Number(limits?.text('pids') ?? service.text('pids_limit') ?? '')
  const gpu = readGpu(service, reservations, notes)
  limits?.close(notes)
  reservations?.close(notes, {
    generic_resources: {
      kind: 'lost',
      what: 'resources of Swarm’s own kinds have no counterpart',
      instead: 'For a GPU use `gpu`.',
    },
  })
  return {
    ...(cpu !== undefined && cpu !== 0.25 && { cpu }),
    ...(memory !== undefined && memory !== '256Mi' && { memory }),
    ...(Number.isInteger(pids) && pids > 0 && pids !== 512 && { pids }),
    ...gpu,
  }
}

function pick<Value>(
  service: Section,
  field: string,
  read: (text: string) => Value | undefined,
  notes: Notes,
  places: readonly (readonly [Section | undefined, string])[],
): Value | undefined {
  let chosen: { value: Value; text: string } | undefined
  for (const [section, key] of places) {
    const text = section?.text(key)
    if (!section || text === undefined || text === '0') continue
    const value = read(text)
    if (value === undefined)
      notes.lost(section.placeOf(key), `${section.path}.${key}`, `\`${text}\` is not understood`, `Write \`${field}\`.`)
    else if (!chosen) chosen = { value, text }
    else if (chosen.text !== text)
      notes.changed(
        section.placeOf(key),
        `${section.path}.${key}`,
        `one value of \`${field}\` is both guaranteed and the limit: ${String(chosen.value)}, not ${text}`,
        `Correct \`${field}\` of ${service.path.split('.').at(-1)}.`,
      )
  }
  return chosen?.value
}

function readGpu(service: Section, reservations: Section | undefined, notes: Notes): Record<string, unknown> {
  let count = 0
  for (const device of reservations?.items('devices') ?? []) {
    if (device.kind !== 'mapping') continue
    const section = openSection(device, `${reservations?.path}.devices`)
    const capabilities = section.items('capabilities').flatMap((item) => (item.kind === 'list' ? item.items : [item]))
    const driver = section.text('driver') ?? ''
    const found = readCount(section, notes)
    if (capabilities.some((item) => /gpu|nvidia|compute/.test(textOf(item) ?? '')) || /nvidia|amd|intel/.test(driver))
      count += found
    else notes.lost(device.at, section.path, 'only GPUs are reserved', 'Write it under `kubernetes`.')
    section.close(notes, {
      options: { kind: 'lost', what: 'options of a device driver have no counterpart', instead: '' },
    })
  }
  const gpus = service.take('gpus')
  if (gpus?.kind === 'list') {
    for (const item of gpus.items) {
      if (item.kind !== 'mapping') continue
      const section = openSection(item, `${service.path}.gpus`)
      count += readCount(section, notes)
      for (const key of ['driver', 'capabilities']) section.take(key)
      section.close(notes, {
        options: { kind: 'lost', what: 'options of a device driver have no counterpart', instead: '' },
      })
    }
  } else if (gpus !== undefined && textOf(gpus) !== undefined) {
    count += allOr(textOf(gpus), gpus.at, `${service.path}.gpus`, notes)
  }
  const runtime = service.text('runtime')
  if (runtime && /nvidia/.test(runtime) && count === 0) {
    notes.guessed(
      service.placeOf('runtime'),
      `${service.path}.runtime`,
      'the runtime of NVIDIA stands for one GPU',
      'Correct `gpu`.',
    )
    count = 1
  } else if (runtime === 'runc' || runtime === 'nvidia') {
    notes.needless(
      service.placeOf('runtime'),
      `${service.path}.runtime`,
      'the runtime is that of the machine or the cluster',
    )
  } else if (runtime) {
    notes.lost(
      service.placeOf('runtime'),
      `${service.path}.runtime`,
      `the runtime ${runtime} is not chosen`,
      'Set `runtimeClassName` under `kubernetes`.',
    )
  }
  return count > 0 ? { gpu: Math.min(16, count) } : {}
}

function readCount(section: Section, notes: Notes): number {
  const ids = section.items('device_ids')
  if (ids.length > 0) {
    notes.changed(
      section.placeOf('device_ids'),
      `${section.path}.device_ids`,
      `the number of GPUs is kept (${ids.length}), not which ones`,
      'Place it on a machine under `place`.',
    )
    return ids.length
  }
  return allOr(section.text('count'), section.placeOf('count'), `${section.path}.count`, notes)
}

function allOr(text: string | undefined, at: Section['at'], path: string, notes: Notes): number {
  const count = Number(text)
  if (Number.isInteger(count) && count > 0) return count
  notes.guessed(at, path, 'all GPUs of the machine are meant; 1 was written', 'Correct `gpu`.')
  return 1
}
