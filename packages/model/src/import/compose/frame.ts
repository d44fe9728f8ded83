import type { DraftRef } from '../draft.ts'
import type { FolderFacts } from '../folder-facts.ts'
import type { Section } from '../section.ts'
import type { Place } from '../yaml/tree.ts'
import type { Build } from './build.ts'
import type { Dependency } from './depends-on.ts'
import type { Deployment } from './deploy.ts'
import type { EnvVariable } from './environment.ts'
import type { HealthCheck } from './health.ts'
import type { LabelFacts } from './labels.ts'
import type { WrittenMount } from './mounts.ts'
import type { ServicePorts } from './service-ports.ts'

/** A service of a Compose file, its parts read, before it is known what the others make of it. */
export interface ServiceFrame {
  /** Its key in the file. */
  readonly key: string
  /** What it becomes. */
  readonly ref: DraftRef
  readonly section: Section
  readonly at: Place
  readonly image: string | undefined
  readonly build: Build | undefined
  readonly facts: FolderFacts | undefined
  readonly env: readonly EnvVariable[]
  readonly health: HealthCheck | 'none' | undefined
  readonly dependencies: readonly Dependency[]
  readonly mounts: readonly WrittenMount[]
  readonly labels: LabelFacts
  readonly deployment: Deployment
  /** Host names under which others find it. */
  readonly hosts: readonly string[]
  /** Ports of the machine that it was published on. */
  readonly publishedPorts: readonly number[]
}

/** A frame whose ports are known too. */
export interface ServedFrame extends ServiceFrame {
  readonly ports: ServicePorts
}
