import { readImageName } from '../image.ts'
import type { Notes } from '../note.ts'
import type { ServedFrame } from './frame.ts'

/** How the outside reaches the services. */
export interface ChosenRoutes {
  readonly routes: ReadonlyMap<string, readonly unknown[]>
  /** What the environment must say so that the routes lead there. */
  readonly environment: Readonly<Record<string, unknown>>
  /** Reverse proxies that the gateway stands in for, by key. */
  readonly dropped: ReadonlySet<string>
}

const proxies: ReadonlySet<string> = new Set([
  'traefik',
  'jwilder/nginx-proxy',
  'nginxproxy/nginx-proxy',
  'nginxproxy/acme-companion',
  'jrcs/letsencrypt-nginx-proxy-companion',
  'lucaslorentz/caddy-docker-proxy',
])

/** Routes by label or VIRTUAL_HOST, else by published port: one port keeps its number, of several each gets a host. */
export function chooseRoutes(frames: readonly ServedFrame[], notes: Notes): ChosenRoutes {
  const routes = new Map<string, readonly unknown[]>()
  for (const frame of frames) {
    if (frame.ref.kind !== 'service' || frame.ports.port === undefined) continue
    const asked = [...frame.labels.routes, ...virtualHosts(frame)]
    if (asked.length > 0) routes.set(frame.key, asked)
  }
  const dropped = new Set<string>()
  for (const frame of frames) {
    if (
      frame.build ||
      frame.image === undefined ||
      routes.size === 0 ||
      !proxies.has(readImageName(frame.image).repository)
    )
      continue
    dropped.add(frame.key)
    notes.changed(
      frame.at,
      frame.section.path,
      `${frame.key} is left out: the gateway routes, balances and keeps certificates`,
      'What else its files configure belongs under `routes`, `protect` and `tls`.',
    )
  }
  const published = frames.filter((frame) => frame.ports.published && !routes.has(frame.key) && !dropped.has(frame.key))
  const [only] = published
  for (const frame of published) {
    if (frame.ports.published?.local)
      notes.changed(
        frame.ports.published.at,
        `${frame.section.path}.ports`,
        `${frame.key} was open to this machine alone; a route is open to whoever reaches the gateway`,
        'Take the route away, or ask for a key: `protect: { auth }`.',
      )
  }
  if (published.length === 1 && only && routes.size === 0) {
    routes.set(only.key, ['/'])
    return { routes, environment: gatewayPort(only, notes), dropped }
  }
  for (const frame of published) {
    routes.set(frame.key, [frame.ref.name])
    notes.changed(
      frame.ports.published?.at ?? frame.at,
      `${frame.section.path}.ports`,
      `${frame.key} is reached through the gateway as http://${frame.ref.name}.localhost:8080, not on port ${frame.ports.published?.port ?? frame.ports.port}`,
      'Correct `routes`, and `domain` of the environment.',
    )
  }
  return { routes, environment: published.length > 0 ? { domain: 'localhost' } : {}, dropped }
}

function gatewayPort(frame: ServedFrame, notes: Notes): Readonly<Record<string, unknown>> {
  const { published } = frame.ports
  const port = published?.port
  if (port === undefined || port === 8080) return {}
  if (port >= 1024) return { gatewayPort: port }
  notes.changed(
    published?.at ?? frame.at,
    `${frame.section.path}.ports`,
    `the gateway listens on 8080, not on ${port}, which needs privileges`,
    'Set `gatewayPort` of the environment.',
  )
  return {}
}

function virtualHosts(frame: ServedFrame): readonly string[] {
  const value = frame.env.find((variable) => variable.name === 'VIRTUAL_HOST')?.value ?? ''
  const path = frame.env.find((variable) => variable.name === 'VIRTUAL_PATH')?.value ?? ''
  return value
    .split(',')
    .map((host) => host.trim().toLowerCase().replace(/:\d+$/, ''))
    .filter((host) => /^[a-z0-9.*-]+$/.test(host))
    .map((host) => `${host}${path === '/' ? '' : path.replace(/\/$/, '')}`)
}
