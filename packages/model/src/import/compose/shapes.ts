import type { Notes } from '../note.ts'
import { ownValue } from '../own-value.ts'
import type { Section } from '../section.ts'
import type { Tree } from '../yaml/tree.ts'

type Kind = Tree['kind']

const any: readonly Kind[] = ['scalar', 'list', 'mapping']
const leaf: readonly Kind[] = ['scalar']
const lines: readonly Kind[] = ['list', 'scalar']
const list: readonly Kind[] = ['list']
const listOrMapping: readonly Kind[] = ['list', 'mapping']
const mapping: readonly Kind[] = ['mapping']

/** What the specification lets stand under the keys of a service that are read. */
const shapes: Readonly<Record<string, readonly Kind[]>> = {
  build: ['scalar', 'mapping'],
  cap_add: list,
  command: lines,
  configs: list,
  container_name: leaf,
  cpus: leaf,
  depends_on: listOrMapping,
  deploy: mapping,
  entrypoint: lines,
  env_file: any,
  environment: listOrMapping,
  expose: list,
  extends: ['scalar', 'mapping'],
  gpus: lines,
  healthcheck: mapping,
  hostname: leaf,
  image: leaf,
  labels: listOrMapping,
  links: list,
  mem_limit: leaf,
  mem_reservation: leaf,
  network_mode: leaf,
  networks: listOrMapping,
  pids_limit: leaf,
  ports: list,
  pre_stop: list,
  privileged: leaf,
  profiles: list,
  restart: leaf,
  runtime: leaf,
  scale: leaf,
  secrets: list,
  security_opt: list,
  stop_grace_period: leaf,
  stop_signal: leaf,
  tmpfs: lines,
  user: leaf,
  volumes: list,
  volumes_from: list,
  working_dir: leaf,
}

const words: Readonly<Record<Kind, string>> = { scalar: 'one value', list: 'a list', mapping: 'a mapping' }

/** Reports every key of a service whose value is of a kind that the specification does not have there. */
export function noteShapes(service: Section, notes: Notes): void {
  for (const key of service.keys) {
    const expected = ownValue(shapes, key)
    const found = service.kindOf(key)
    if (!expected || found === undefined || expected.includes(found)) continue
    notes.lost(
      service.placeOf(key),
      `${service.path}.${key}`,
      `\`${key}\` is ${words[found]}, and should be ${expected.map((kind) => words[kind]).join(' or ')}`,
      'Correct the file.',
    )
  }
}
