import { describe } from 'vitest'
import { applyConformance } from './apply-conformance.ts'
import { failureConformance } from './failure-conformance.ts'
import { jobConformance } from './job-conformance.ts'
import type { RigMaker } from './rig.ts'
import { versionConformance } from './version-conformance.ts'

/** What every engine promises, as tests; `name` is the engine's, `make` gives each test a rig of its own. */
export function engineConformance(name: string, make: RigMaker): void {
  describe(`${name}: a fleet is applied`, () => applyConformance(make))
  describe(`${name}: versions`, () => versionConformance(make))
  describe(`${name}: what fails`, () => failureConformance(make))
  describe(`${name}: jobs`, () => jobConformance(make))
}
