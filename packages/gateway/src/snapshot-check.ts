import { Problem } from '@seaworthy/model'
import { tokenPattern, valuePattern } from './message/fields.ts'
import { parseAddress } from './pool/address.ts'
import type { GatewaySnapshot, Route, ServicePool } from './snapshot.ts'

/** Throws a Problem SW2001 (or SW2008 for an address) that names the first contradiction in a snapshot. */
export function checkSnapshot(snapshot: GatewaySnapshot): void {
  if (!Number.isSafeInteger(snapshot.version) || snapshot.version < 1) {
    refuse('version', `expected a whole number from 1, found ${snapshot.version}`)
  }
  unique(snapshot.listeners, (listener) => listener.name, 'listeners')
  unique(snapshot.services, (service) => service.service, 'services')
  unique(snapshot.routes, (route) => route.id, 'routes')
  const services = new Set(snapshot.services.map((service) => service.service))
  for (const listener of snapshot.listeners) {
    if (!Number.isInteger(listener.port) || listener.port < 0 || listener.port > 65_535) {
      refuse(`listeners.${listener.name}.port`, `expected 0 to 65535, found ${listener.port}`)
    }
    if (listener.tls?.certificates.length === 0)
      refuse(`listeners.${listener.name}.tls`, 'expected a certificate, found none')
  }
  for (const route of snapshot.routes) checkRoute(route, services)
  for (const service of snapshot.services) checkService(service)
}

function checkRoute(route: Route, services: ReadonlySet<string>): void {
  const at = `routes.${route.id}`
  if (!services.has(route.service))
    refuse(`${at}.service`, `expected a service of this snapshot, found "${route.service}"`)
  if (!route.path.startsWith('/')) refuse(`${at}.path`, `expected a path that begins with /, found "${route.path}"`)
  if (!(route.timeoutMs > 0)) refuse(`${at}.timeoutMs`, `expected a time above 0 ms, found ${route.timeoutMs}`)
  if (!(route.maxBodyBytes >= 0)) refuse(`${at}.maxBodyBytes`, `expected 0 or more bytes, found ${route.maxBodyBytes}`)
  for (const [name, value] of Object.entries(route.responseHeaders ?? {})) {
    if (!tokenPattern.test(name) || !valuePattern.test(value))
      refuse(`${at}.responseHeaders`, `"${name}" is not a header field`)
  }
}

function checkService(service: ServicePool): void {
  const at = `services.${service.service}`
  unique(service.versions, (version) => version.version, `${at}.versions`)
  const sum = service.versions.reduce((total, version) => total + version.share, 0)
  if (service.versions.length > 0 && Math.abs(sum - 1) > 1e-6) {
    refuse(`${at}.versions`, `expected shares that sum to 1, found ${sum}`)
  }
  for (const version of service.versions) {
    if (!(version.share >= 0 && version.share <= 1)) {
      refuse(`${at}.versions.${version.version}.share`, `expected 0 to 1, found ${version.share}`)
    }
    for (const endpoint of version.endpoints) parseAddress(endpoint.address)
  }
  unique(
    service.versions.flatMap((version) => version.endpoints),
    (endpoint) => endpoint.id,
    `${at}.endpoints`,
  )
  if (!(service.maxConnectionsPerEndpoint >= 1)) refuse(`${at}.maxConnectionsPerEndpoint`, 'expected at least 1')
  if (!(service.retries >= 0 && service.retries <= 3))
    refuse(`${at}.retries`, `expected 0 to 3, found ${service.retries}`)
}

function unique<T>(items: readonly T[], nameOf: (item: T) => string, where: string): void {
  const seen = new Set<string>()
  for (const item of items) {
    const name = nameOf(item)
    if (seen.has(name)) refuse(where, `"${name}" stands here twice`)
    seen.add(name)
  }
}

function refuse(path: string, message: string): never {
  throw new Problem({ code: 'SW2001', message: `${path}: ${message}`, where: { path } })
}
