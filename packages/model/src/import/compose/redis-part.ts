import { splitWords } from '../command-words.ts'
import type { DraftPart } from '../draft.ts'
import { readImageName } from '../image.ts'
import type { Notes } from '../note.ts'
import { textOf } from '../yaml/tree.ts'
import type { ServedFrame } from './frame.ts'
import { noteResourceKeys, noteResourceMounts } from './resource-keys.ts'
import { asSize } from './units.ts'

const evictions = ['noeviction', 'allkeys-lru', 'allkeys-lfu', 'volatile-lru', 'volatile-ttl']

/** A Redis container as a `redis(...)` resource. */
export function redisPart(frame: ServedFrame, notes: Notes): DraftPart {
  const { section } = frame
  const spec: Record<string, unknown> = {}
  const options = redisOptions(frame, notes)
  const at = section.placeOf('command')
  const path = `${section.path}.command`
  const keeps = frame.mounts.some((mount) => mount.type !== 'tmpfs' && /^(\/data|\/bitnami\/redis)/.test(mount.target))
  const appends = options.get('appendonly') === 'yes'
  if (!keeps && !appends) {
    spec.persist = false
    if (options.get('save') !== '')
      notes.guessed(
        frame.at,
        `${section.path}.persist`,
        `${frame.key} has no volume, so its data did not outlive its container`,
        'Take `persist: false` away if they should.',
      )
  }
  for (const [name, value] of options) {
    if (name === 'maxmemory') {
      const size = asSize(value)
      if (size === undefined) notes.lost(at, path, `\`maxmemory ${value}\` is not understood`, 'Write `maxMemory`.')
      else if (size !== '256Mi') spec.maxMemory = size
    } else if (name === 'maxmemory-policy' && evictions.includes(value)) {
      if (value !== 'noeviction') spec.eviction = value
    } else if (name === 'requirepass')
      notes.needless(at, path, 'Seaworthy makes the password and hands it over in the address')
    else if (!['appendonly', 'save', 'appendfsync', 'loglevel', 'port', 'bind', 'protected-mode', 'dir'].includes(name))
      notes.lost(at, path, `the setting \`${name} ${value}\` is not carried over`, '')
    else if (name === 'appendfsync' || name === 'port') notes.needless(at, path, 'Seaworthy runs Redis itself')
  }
  for (const variable of frame.env)
    notes.needless(variable.at, `${section.path}.environment.${variable.name}`, 'Seaworthy runs Redis itself')
  const { repository } = readImageName(frame.image ?? '')
  if (repository.startsWith('valkey'))
    notes.changed(
      section.placeOf('image'),
      `${section.path}.image`,
      'Valkey becomes Redis, which answers the same commands',
      'Run it as a service with `image` to keep it.',
    )
  noteResourceMounts(frame, '/data', '', notes)
  noteResourceKeys(frame, 'Redis', notes)
  return { kind: 'redis', name: frame.ref.name, spec, remarks: {}, at: frame.at }
}

/** `--name value` of the command line. */
function redisOptions(frame: ServedFrame, notes: Notes): ReadonlyMap<string, string> {
  const command = frame.section.take('command')
  let words =
    command?.kind === 'list' ? command.items.map((item) => textOf(item) ?? '') : splitWords(textOf(command) ?? '')
  if (/^(ba)?sh$/.test(words[0] ?? '') && words[1] === '-c') words = splitWords(words[2] ?? '')
  const options = new Map<string, string>()
  const others: string[] = []
  for (let at = 0; at < words.length; at += 1) {
    const name = /^--([a-z-]+)$/.exec(words[at] ?? '')?.[1]
    if (!name) {
      if (!/^(redis-server|valkey-server|docker-entrypoint\.sh|exec)$/.test(words[at] ?? ''))
        others.push(words[at] ?? '')
      continue
    }
    const values: string[] = []
    while (at + 1 < words.length && !words[at + 1]?.startsWith('--')) values.push(words[++at] ?? '')
    options.set(name, values.join(' '))
  }
  if (others.length > 0)
    notes.lost(
      frame.section.placeOf('command'),
      `${frame.section.path}.command`,
      `\`${others.join(' ')}\` is not handed to Redis`,
      'Write `maxMemory`, `eviction` and `persist`.',
    )
  return options
}
