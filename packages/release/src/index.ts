export type { FleetSight } from './extension/follow-fleet-release.ts'
export { releaseExtension } from './extension/release-extension.ts'
export { type FleetJournal, memoryFleetJournal, sqliteFleetJournal } from './fleet/fleet-journal.ts'
export { FleetReleases, type FleetVerb } from './fleet/fleet-releases.ts'
export {
  type FleetPhase,
  type FleetReleaseRequest,
  type FleetReleaseState,
  type GroupPolicy,
  isFleetOver,
} from './fleet/fleet-state.ts'
export { type FleetEvent, fleetTable, fleetTransition } from './fleet/fleet-transitions.ts'
export { beginRelease, type ReleaseRequest } from './machine/begin.ts'
export { type ChosenShares, chooseShares } from './machine/chosen-shares.ts'
export { describe, type HookMoment, type Instruction } from './machine/instruction.ts'
export { type JournalEntry, memoryJournal, type ReleaseJournal } from './machine/journal.ts'
export { type CommandResult, type ReleasePorts, realPorts } from './machine/ports.ts'
export { expectedTraffic, ruleFor } from './machine/release-rule.ts'
export { isOver, type Phase, previousIsThere, type ReleaseState } from './machine/release-state.ts'
export { Releases, type Verb } from './machine/releases.ts'
export { ReleaseRunner, type ReleaseSight } from './machine/runner.ts'
export { sqliteJournal } from './machine/sqlite-journal.ts'
export { programOf, type StrategyInput } from './machine/strategy.ts'
export { type ReleaseEvent, table, transition } from './machine/transitions.ts'
export { releaseProblems } from './problem-codes.ts'
export * from './verdict/index.ts'
