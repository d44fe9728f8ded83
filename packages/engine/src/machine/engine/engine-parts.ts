import type { Limitation } from '../../contract-state.ts'
import type { Desired } from '../desired/desired.ts'
import type { SecretMasks } from '../logs/secret-masks.ts'
import type { Clock, Random } from '../ports.ts'
import type { GatewayLink, Publisher } from '../routing/publisher.ts'
import type { Driver } from '../runtime/driver.ts'
import type { StateStore } from '../state/state-store.ts'
import type { DesiredDocument } from './desired-document.ts'
import type { ExposureLedger } from './exposure.ts'
import type { UsageMeter } from './usage.ts'

/** What a machine engine is put together from. */
export interface EngineParts {
  readonly stateDir: string
  /** What the marks of its programs begin with. */
  readonly scope: string
  readonly environment: string
  /** Directory that the catalog's relative paths begin at. */
  readonly root: string
  /** Variables that `env:` addresses are taken from. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  readonly random: Random
  readonly store: StateStore
  readonly driver: Driver
  readonly link: GatewayLink
  readonly publisher: Publisher
  readonly desired: DesiredDocument
  readonly usage: UsageMeter
  readonly masks: SecretMasks
  readonly exposure: ExposureLedger
  readonly toWall: (at: number) => number
  readonly limitations: () => readonly Limitation[]
  /** Next scheduled run by job, ms since the Unix epoch. */
  readonly nextRuns: () => ReadonlyMap<string, number>
  /** Watches the externals that this desired state names. */
  readonly watchExternals: (desired: Desired) => void
  /** Deletes data and state once nothing runs. */
  readonly destroy: () => void
  readonly close: () => void
}
