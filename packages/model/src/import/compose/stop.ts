import { writeCommand } from '../command-words.ts'
import type { Notes } from '../note.ts'
import { openSection, type Section } from '../section.ts'
import { textOf } from '../yaml/tree.ts'
import { asDuration, composeDuration } from './units.ts'

const signals = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const

/** How a service ends: `stop_signal`, `stop_grace_period` and the first command of `pre_stop`. */
export function readStop(service: Section, imageSignal: string | undefined, notes: Notes): unknown {
  const written = service.text('stop_signal')
  const wanted = (written ?? imageSignal)?.toUpperCase().replace(/^(?!SIG)/, 'SIG')
  const signal = signals.find((one) => one === wanted)
  if (wanted && !signal)
    notes.lost(
      service.placeOf('stop_signal'),
      `${service.path}.stop_signal`,
      `${wanted} is no signal that asks a service to finish`,
      `Use one of ${signals.join(', ')}.`,
    )
  const grace = service.text('stop_grace_period')
  const milliseconds = grace === undefined ? undefined : composeDuration(grace)
  const hooks = service.items('pre_stop')
  const command = hooks.flatMap((hook) => {
    if (hook.kind !== 'mapping') return []
    const section = openSection(hook, `${service.path}.pre_stop`)
    const words = section.items('command').map((item) => textOf(item) ?? '')
    section.close(
      notes,
      Object.fromEntries(
        ['user', 'privileged', 'working_dir', 'environment'].map((key) => [
          key,
          { kind: 'lost', what: `\`${key}\` of a hook has no counterpart`, instead: '' },
        ]),
      ),
    )
    return words.length > 0 ? [words] : []
  })
  if (command.length > 1)
    notes.lost(
      hooks[1]?.at ?? service.at,
      `${service.path}.pre_stop`,
      'one command runs before the signal, not several',
      'Put them into one script.',
    )
  const [first] = command
  const stop = {
    ...(signal && signal !== 'SIGTERM' && { signal }),
    ...(milliseconds !== undefined && milliseconds < 20_000 && { drain: asDuration(grace ?? '') }),
    ...(milliseconds !== undefined && milliseconds !== 30_000 && { grace: asDuration(grace ?? '') }),
    ...(first && { command: writeCommand(first) }),
  }
  return Object.keys(stop).length > 0 ? stop : undefined
}
