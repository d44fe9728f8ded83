import type { Notes } from '../note.ts'
import { openSection, type Section } from '../section.ts'
import type { Dependency } from '../wiring/wireable.ts'
import { type Place, textOf } from '../yaml/tree.ts'

/** Reads everything by which a service waits for others: `depends_on`, `links`, `volumes_from` and shared namespaces. */
export function readDependencies(service: Section, notes: Notes): readonly Dependency[] {
  const found = new Map<string, Dependency>()
  const add = (on: string, at: Place): void => {
    if (on !== '' && !found.has(on)) found.set(on, { on, condition: 'started', required: true, at })
  }
  const written = service.take('depends_on')
  if (written?.kind === 'mapping') {
    for (const [on, value] of written.entries) {
      const section = value.kind === 'mapping' ? openSection(value, `${service.path}.depends_on.${on}`) : undefined
      const condition = section?.text('condition') ?? 'service_started'
      const required = section?.text('required') !== 'false'
      if (section?.flag('restart'))
        notes.changed(
          value.at,
          `${service.path}.depends_on.${on}.restart`,
          `it is not restarted when ${on} is replaced`,
          'It should reconnect; the experiment for the loss of a dependency shows whether it does.',
        )
      section?.close(notes)
      found.set(on, {
        on,
        condition:
          condition === 'service_completed_successfully'
            ? 'completed'
            : condition === 'service_healthy'
              ? 'healthy'
              : 'started',
        required,
        at: value.at,
      })
    }
  } else for (const item of written?.kind === 'list' ? written.items : []) add(textOf(item) ?? '', item.at)
  for (const item of service.items('links')) {
    const [on = '', alias] = (textOf(item) ?? '').split(':')
    add(on, item.at)
    if (alias && alias !== on)
      notes.changed(
        item.at,
        `${service.path}.links`,
        `${on} has no second name ${alias}`,
        'Use the address that the need injects.',
      )
  }
  for (const item of service.items('volumes_from')) {
    const [on = ''] = (textOf(item) ?? '').replace(/^container:/, '').split(':')
    notes.lost(
      item.at,
      `${service.path}.volumes_from`,
      `the mounts of ${on} are not taken over`,
      'Name the volume in both services.',
    )
    if (!(textOf(item) ?? '').startsWith('container:')) add(on, item.at)
  }
  const mode = service.text('network_mode')
  if (mode?.startsWith('service:')) {
    add(mode.slice(8), service.placeOf('network_mode'))
    notes.lost(
      service.placeOf('network_mode'),
      `${service.path}.network_mode`,
      `it does not share the network of ${mode.slice(8)}, so localhost is its own`,
      'Use the address that the need injects.',
    )
  } else if (mode === 'host') {
    notes.lost(
      service.placeOf('network_mode'),
      `${service.path}.network_mode`,
      'the host’s network is not shared',
      'On one machine services run on it anyway; on Kubernetes allow `host-network` under `security`, with a reason and an end.',
    )
  } else if (mode && mode !== 'bridge' && mode !== 'default') {
    notes.lost(
      service.placeOf('network_mode'),
      `${service.path}.network_mode`,
      `the network mode ${mode} has no counterpart`,
      'Say what it may reach under `network`.',
    )
  }
  return [...found.values()]
}
