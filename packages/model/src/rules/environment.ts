import { names } from './figures.ts'
import { type Rule, warning } from './rule.ts'

/** Rules on environments. */
export const environmentRules: readonly Rule[] = [
  warning({
    code: 'SW2920',
    title: 'Production cluster that is not named',
    meaning: 'Without a context a deployment goes to whichever cluster the kubeconfig happens to point at.',
    *check({ environment, production }) {
      if (!production || environment.engine !== 'kubernetes' || environment.context !== undefined) return
      yield {
        path: ['environments', environment.name, 'context'],
        message: 'expected the context of the production cluster, found none',
        hint: "add `context: 'production'`, as `kubectl config get-contexts` lists it",
      }
    },
  }),
  warning({
    code: 'SW2921',
    title: 'Production that one person can change',
    meaning: 'Neither the environment nor any of its services asks for a second person before a release.',
    *check({ environment, production, services }) {
      if (!production || environment.approvals.length > 0) return
      const core = services.filter(({ tier, approvals }) => tier === 'core' && approvals.length === 0)
      if (core.length === 0) return
      yield {
        path: ['environments', environment.name, 'approvals'],
        message: `expected an approval before releases of core services (${names(core.map(({ name }) => name))}), found none`,
        hint: "add `approvals: [{ by: ['team-lead'] }]` to the environment",
      }
    },
  }),
]
