import type { Job, Service } from '@seaworthy/model'
import type { PodSecurityContext, SecurityContext } from 'kubernetes-types/core/v1.d.ts'

const anybody = 10_001

function allows(program: Service | Job, what: string): boolean {
  return program.security.some((exception) => exception.allow === what)
}

/** A user as Kubernetes wants it: a number, since a name can't be shown not to be root. */
function numericUser(user: string | undefined): number {
  const id = Number(user?.split(':')[0])
  return Number.isInteger(id) && id > 0 ? id : anybody
}

/** Pod-level security: the *restricted* Pod Security Standard, less what the catalog allows with reason and expiry. */
export function podSecurity(program: Service | Job): PodSecurityContext {
  const root = allows(program, 'root')
  return {
    runAsNonRoot: !root,
    runAsUser: root ? 0 : numericUser(program.user),
    runAsGroup: root ? 0 : numericUser(program.user),
    fsGroup: root ? 0 : numericUser(program.user),
    fsGroupChangePolicy: 'OnRootMismatch',
    seccompProfile: { type: 'RuntimeDefault' },
  }
}

/** Container-level security, likewise. */
export function containerSecurity(program: Service | Job): SecurityContext {
  const added = program.security.flatMap((exception) =>
    exception.allow === 'capability' && exception.capability ? [exception.capability] : [],
  )
  return {
    allowPrivilegeEscalation: allows(program, 'privilege-escalation'),
    readOnlyRootFilesystem: !allows(program, 'writable-root'),
    capabilities: { drop: ['ALL'], ...(added.length > 0 && { add: added }) },
  }
}

/** Whether a pod fits the *restricted* level, or only *baseline* or *privileged*. */
export function securityLevel(programs: readonly (Service | Job)[]): 'restricted' | 'baseline' | 'privileged' {
  const allowed = new Set(programs.flatMap((program) => program.security.map((exception) => exception.allow)))
  if (allowed.has('host-network') || allowed.has('host-path') || allowed.has('capability')) return 'privileged'
  return allowed.has('root') || allowed.has('privilege-escalation') ? 'baseline' : 'restricted'
}
