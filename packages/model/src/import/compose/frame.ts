import type { FolderFacts } from '../folder-facts.ts'
import type { Section } from '../section.ts'
import type { Wireable } from '../wiring/wireable.ts'
import type { Build } from './build.ts'
import type { Deployment } from './deploy.ts'
import type { HealthCheck } from './health.ts'
import type { LabelFacts } from './labels.ts'
import type { WrittenMount } from './mounts.ts'
import type { ServicePorts } from './service-ports.ts'

/** A service of a Compose file, its parts read, before it is known what the others make of it. */
export interface ServiceFrame extends Omit<Wireable, 'ports'> {
  readonly section: Section
  readonly image: string | undefined
  readonly build: Build | undefined
  readonly facts: FolderFacts | undefined
  readonly health: HealthCheck | 'none' | undefined
  readonly mounts: readonly WrittenMount[]
  readonly labels: LabelFacts
  readonly deployment: Deployment
  /** Ports of the machine that it was published on. */
  readonly publishedPorts: readonly number[]
}

/** A frame whose ports are known too. */
export interface ServedFrame extends ServiceFrame {
  readonly ports: ServicePorts
}
