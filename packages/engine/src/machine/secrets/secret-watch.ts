import { chownSync } from 'node:fs'
import type { Secret, Service } from '@seaworthy/model'
import { processOf, type Replica } from '../../supervisor/replica-state.ts'
import type { EngineParts } from '../engine/engine-parts.ts'
import { signalGroup } from '../process/process-group.ts'
import type { SecretSource } from '../secret-source.ts'
import { replaceFile } from '../state/atomic-file.ts'

/**
 * Reads secrets again as often as the catalog says, and does for those who use a changed one what it says: replicas are
 * started anew one at a time, or get SIGHUP, or are left alone; files are replaced in any case. What is compared with
 * is the value that this controller read first: a change while no controller ran is seen at the next start of a replica.
 */
export class SecretWatch {
  readonly #parts: EngineParts
  readonly #source: SecretSource
  readonly #known = new Map<string, { readonly value: string; readonly at: number }>()
  /** Replicas that still run with an old value, by id, and why they are to start anew. */
  readonly #stale = new Map<string, string>()

  constructor(parts: EngineParts, source: SecretSource) {
    this.#parts = parts
    this.#source = source
  }

  /** Reads what is due, and starts the next stale replica anew where its siblings are ready. */
  async look(): Promise<void> {
    const { desired, clock } = this.#parts
    if (!desired.current || desired.stopped) return
    for (const secret of Object.values(desired.current.fleet.secrets)) {
      const known = this.#known.get(secret.name)
      if (known && clock.now() - known.at < secret.refresh) continue
      const value = await this.#source(secret.name).catch(() => undefined)
      // A source that does not answer changes nothing.
      if (value === undefined) continue
      this.#known.set(secret.name, { value, at: clock.now() })
      if (known && known.value !== value) this.#changed(secret, value)
    }
    this.#restartNext()
  }

  #changed(secret: Secret, value: string): void {
    const { store, clock } = this.#parts
    store.note(clock.wall(), `secret ${secret.name}`, `changed; its users: ${secret.onRotate}`)
    for (const { replica, names } of this.#users(secret.name)) {
      this.#replaceFiles(replica, names, value)
      const process = processOf(replica.state)
      if (secret.onRotate === 'restart') this.#stale.set(replica.id, `the secret ${secret.name} changed`)
      else if (secret.onRotate === 'signal' && process) signalGroup(process.pid, 'SIGHUP')
    }
  }

  /** Replicas whose program was given a secret, and the variables that it was given it by. */
  #users(secret: string): readonly { readonly replica: Replica; readonly names: readonly string[] }[] {
    const { driver, desired } = this.#parts
    return [...driver.supervisor.replicas.values()].flatMap((replica) => {
      const [service = '', version = ''] = replica.unit.split(/@(.*)/)
      const names = namesOf(desired.current?.services[service]?.versions[version]?.spec, secret)
      return names.length > 0 && processOf(replica.state) ? [{ replica, names }] : []
    })
  }

  #replaceFiles(replica: Replica, names: readonly string[], value: string): void {
    const launch = this.#parts.driver.handleOf(replica.id)?.launch
    for (const name of names) {
      const file = launch?.request.env[`${name}_FILE`]
      if (file === undefined) continue
      replaceFile(file, value, 0o400)
      const { user } = launch?.request ?? {}
      if (user) chownSync(file, user.uid, user.gid)
    }
  }

  #restartNext(): void {
    const { driver } = this.#parts
    const all = [...driver.supervisor.replicas.values()]
    const busy = new Set(all.filter(({ state }) => state.phase !== 'ready').map(({ unit }) => unit))
    for (const [id, why] of this.#stale) {
      const replica = driver.supervisor.replicas.get(id)
      if (replica?.state.phase !== 'ready') {
        // Whoever is not running with the old value gets the new one at its next start.
        if (!replica || processOf(replica.state) === undefined) this.#stale.delete(id)
        continue
      }
      if (busy.has(replica.unit)) continue
      busy.add(replica.unit)
      this.#stale.delete(id)
      driver.dispatch({ kind: 'replica', replica: id, event: { kind: 'stop', why, next: 'relaunch' } })
    }
  }
}

function namesOf(spec: Service | undefined, secret: string): readonly string[] {
  return Object.entries(spec?.env ?? {}).flatMap(([name, value]) =>
    typeof value === 'object' && value.secret === secret ? [name] : [],
  )
}
