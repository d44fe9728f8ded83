import type { Plan } from '../../contract-plan.ts'
import { engineProblem } from '../../problem-codes.ts'
import { portsWanted } from '../desired/next-desired.ts'
import { canListen, freePort } from '../launch/free-port.ts'
import type { EngineParts } from './engine-parts.ts'

/**
 * Ports for what has none yet, and, when nothing runs (`again`), for what another program has taken meanwhile. Throws
 * SW4019 when that is the port that the catalog wants for the gateway.
 */
export async function choosePorts(
  plan: Plan,
  parts: Pick<EngineParts, 'desired' | 'environment' | 'random'>,
  again: boolean,
): Promise<Readonly<Record<string, number>>> {
  const known = parts.desired.current?.ports ?? {}
  const taken = new Set(Object.values(known))
  const fixed = plan.fleet.environments[parts.environment]?.gatewayPort ?? 0
  const ports: Record<string, number> = {}
  for (const name of portsWanted(plan)) {
    const had = known[name]
    if (name === 'gateway' && fixed !== 0) {
      if (again && !(await canListen(fixed))) throw portTaken(fixed, parts.environment)
      ports[name] = fixed
    } else if (had === undefined || (again && !(await canListen(had))))
      ports[name] = await freePort(taken, parts.random)
    if (ports[name] !== undefined) taken.add(ports[name])
  }
  return ports
}

function portTaken(port: number, environment: string): Error {
  return engineProblem({
    code: 'SW4019',
    message: `Another program listens on port ${port}, which the gateway of ${environment} is to have.`,
    where: { path: `environments.${environment}.gatewayPort` },
    hint: 'Stop that program, or give the environment another `gatewayPort` (0 finds a free one).',
  })
}
