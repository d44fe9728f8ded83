import type { EngineState, ReplicaView } from '@seaworthy/engine'
import type { Io } from '../io.ts'
import { paint } from '../paint.ts'
import { tableLines } from '../table.ts'
import type { Traffic } from './traffic-meter.ts'

/** The state of a fleet as a table: a line per version of a service and per resource, then what cannot be kept here. */
export function fleetTable(
  state: EngineState,
  traffic: ReadonlyMap<string, Traffic>,
  io: Pick<Io, 'color' | 'columns'>,
): readonly string[] {
  const { bad, good, dim, bold } = paint(io.color)
  const rows = [
    ...state.resources.map((resource) => resourceRow(state, resource.resource)),
    ...versionRows(state, traffic),
  ]
  const columns = [
    { title: 'service' },
    { title: 'version', paint: dim },
    { title: 'ready', align: 'right' as const },
    { title: 'share', align: 'right' as const },
    { title: 'CPU', align: 'right' as const },
    { title: 'memory', align: 'right' as const },
    { title: 'req/s', align: 'right' as const },
    { title: 'p99', align: 'right' as const },
    { title: 'restarts', align: 'right' as const },
    { title: 'state', paint: (text: string) => (text.trimEnd() === 'ready' ? good(text) : bad(text)) },
  ]
  return [
    `${bold(`${state.fleet} in ${state.environment}`)}${state.gateway.urls[0] ? `  ${good(state.gateway.urls[0])}` : ''}`,
    '',
    ...tableLines(columns, rows, { width: io.columns }),
    ...(state.gateway.reason ? ['', bad(`gateway: ${state.gateway.reason}`)] : []),
    ...state.jobs
      .filter(({ phase }) => phase !== 'succeeded' && phase !== 'idle')
      .map((job) => `job ${job.job}: ${job.phase}${job.reason ? `, ${job.reason}` : ''}`),
    ...state.limitations.map(({ what, why, hint }) => dim(`not enforced here: ${what} (${why}). ${hint}`)),
  ]
}

function versionRows(state: EngineState, traffic: ReadonlyMap<string, Traffic>): readonly (readonly string[])[] {
  return state.services.flatMap(({ service, versions }) =>
    versions.map((version) => {
      const replicas = state.replicas.filter(
        (replica) => replica.service === service && replica.version === version.version,
      )
      const seen = traffic.get(`${service}@${version.version}`)
      return [
        service,
        version.version,
        `${version.ready}/${version.replicas}`,
        versions.length > 1 ? `${Math.round(version.share * 1000) / 10} %` : '',
        ...usage(replicas),
        seen ? seen.perSecond.toFixed(seen.perSecond < 10 ? 1 : 0) : '',
        seen?.p99 === undefined ? '' : milliseconds(seen.p99),
        String(replicas.reduce((sum, { restarts }) => sum + restarts, 0)),
        phaseText(replicas),
      ]
    }),
  )
}

function resourceRow(state: EngineState, name: string): readonly string[] {
  const resource = state.resources.find((each) => each.resource === name)
  const replicas = state.replicas.filter(({ service, version }) => service === name && version === resource?.type)
  const restarts = replicas.reduce((sum, replica) => sum + replica.restarts, 0)
  const text = resource?.ready ? 'ready' : (resource?.reason ?? 'not ready')
  return [
    name,
    resource?.type ?? '',
    resource?.ready ? '1/1' : '0/1',
    '',
    ...usage(replicas),
    '',
    '',
    String(restarts),
    text,
  ]
}

function usage(replicas: readonly ReplicaView[]): readonly [string, string] {
  const measured = replicas.filter(({ cpu }) => cpu !== undefined)
  if (measured.length === 0) return ['', '']
  const cpu = measured.reduce((sum, replica) => sum + (replica.cpu ?? 0), 0)
  const memory = measured.reduce((sum, replica) => sum + (replica.memory ?? 0), 0)
  return [cpu.toFixed(2), `${Math.round(memory / 2 ** 20)} MiB`]
}

/** The worst that any replica has to say. */
function phaseText(replicas: readonly ReplicaView[]): string {
  const order = [
    'failed',
    'crash-looping',
    'backoff',
    'unready',
    'waiting',
    'starting',
    'draining',
    'stopping',
    'ready',
  ]
  const worst = replicas.toSorted((a, b) => order.indexOf(a.phase) - order.indexOf(b.phase))[0]
  if (!worst) return 'no replicas'
  const detail = worst.reason === undefined || worst.phase === 'ready' ? '' : worst.reason.split('\n')[0]
  if (!detail) return worst.phase
  return detail.startsWith(worst.phase) || detail.startsWith('waits') ? detail : `${worst.phase}: ${detail}`
}

function milliseconds(value: number): string {
  return Number.isFinite(value) ? `≤ ${value} ms` : '> 30 s'
}
