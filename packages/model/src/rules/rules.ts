import { alertRules } from './alert.ts'
import { apiVersionRules } from './api-version.ts'
import { backupRules } from './backup.ts'
import { budgetRules } from './budget.ts'
import { canaryRules } from './canary.ts'
import { dependencyRules } from './dependency.ts'
import { environmentRules } from './environment.ts'
import { escalationRules } from './escalation.ts'
import { flagRules } from './flag.ts'
import { gpuRules } from './gpu.ts'
import { migRules } from './mig.ts'
import { objectiveRules } from './objective.ts'
import { probeRules } from './probe.ts'
import { programRules } from './program.ts'
import { protectionRules } from './protection.ts'
import { releaseRules } from './release.ts'
import { roomRules } from './room.ts'
import { routeRules } from './route.ts'
import type { Rule } from './rule.ts'
import { scaleRules } from './scale.ts'
import { scheduleRules } from './schedule.ts'
import { secretRules } from './secret.ts'
import { silenceRules } from './silence.ts'
import { storageRules } from './storage.ts'
import { timeoutRules } from './timeout.ts'

/** One family of rules, as the reference page lists them. */
export interface RuleFamily {
  readonly title: string
  readonly rules: readonly Rule[]
}

const families: readonly RuleFamily[] = [
  { title: 'Backups and restores', rules: backupRules },
  { title: 'Databases, caches and volumes', rules: storageRules },
  { title: 'Partitioned GPUs', rules: migRules },
  { title: 'Shared GPUs', rules: gpuRules },
  { title: 'Room on machines and in quotas', rules: roomRules },
  { title: 'Replicas', rules: scaleRules },
  { title: 'Objectives', rules: objectiveRules },
  { title: 'Alerts', rules: alertRules },
  { title: 'Escalation', rules: escalationRules },
  { title: 'Canaries', rules: canaryRules },
  { title: 'Around a release', rules: releaseRules },
  { title: 'Feature flags', rules: flagRules },
  { title: 'Routes and ports', rules: routeRules },
  { title: 'API versions', rules: apiVersionRules },
  { title: 'Protections', rules: protectionRules },
  { title: 'Timeouts and retries', rules: timeoutRules },
  { title: 'Dependencies', rules: dependencyRules },
  { title: 'Probes and stopping', rules: probeRules },
  { title: 'Schedules', rules: scheduleRules },
  { title: 'Secrets and exceptions', rules: secretRules },
  { title: 'Programs and ownership', rules: programRules },
  { title: 'Money', rules: budgetRules },
  { title: 'Environments', rules: environmentRules },
]

/** Every rule that a resolved fleet is checked against, by what it is about. */
export const ruleFamilies: readonly RuleFamily[] = [
  ...families,
  { title: 'Silences', rules: silenceRules(families.flatMap((family) => family.rules)) },
]

/** All rules in one list. */
export const rules: readonly Rule[] = ruleFamilies.flatMap((family) => family.rules)
