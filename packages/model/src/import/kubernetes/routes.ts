import type { Notes } from '../note.ts'
import { openSection, type Section } from '../section.ts'
import { textOf } from '../yaml/tree.ts'
import type { KubernetesObject } from './objects.ts'
import { quantityAsSize } from './quantity.ts'
import { apiName } from './uncarried.ts'

/** A way in, and the Service object behind it. */
export interface ServiceRoute {
  readonly service: string
  readonly route: unknown
  readonly protect: Readonly<Record<string, unknown>>
}

/** The routes of an Ingress. */
export function ingressRoutes(object: KubernetesObject, notes: Notes): readonly ServiceRoute[] {
  const spec = object.section.section('spec')
  const { protect, stripPath } = readAnnotations(object, notes)
  const found: ServiceRoute[] = []
  const add = (backend: Section | undefined, host: string | undefined, path: string, type: string): void => {
    const service = backend?.section('service')?.text('name') ?? backend?.text('serviceName')
    backend?.section('service')?.take('port')
    if (!service) return
    if (type === 'Exact')
      notes.changed(
        object.section.at,
        `${object.section.path}.spec.rules`,
        `${path} matched exactly and now matches what lies below it too`,
        'Answer 404 below it.',
      )
    const plain = path.replace(/(\(.*|\/\*$|\.\*$)/, '').replace(/\/$/, '')
    if (path !== '/' && plain !== path.replace(/\/$/, ''))
      notes.changed(
        object.section.at,
        `${object.section.path}.spec.rules`,
        `${path} is a pattern; the prefix ${plain || '/'} was written`,
        'Correct `routes`.',
      )
    const strip = stripPath && plain !== ''
    found.push({
      service,
      protect,
      route: strip ? { ...(host && { host }), path: plain, stripPath: true } : host ? `${host}${plain}` : plain || '/',
    })
  }
  add(spec?.section('defaultBackend'), undefined, '/', 'Prefix')
  for (const rule of spec?.items('rules') ?? []) {
    if (rule.kind !== 'mapping') continue
    const section = openSection(rule, `${object.section.path}.spec.rules`)
    const host = section.text('host')
    for (const path of section.section('http')?.items('paths') ?? []) {
      if (path.kind !== 'mapping') continue
      const one = openSection(path, `${section.path}.http.paths`)
      add(one.section('backend'), host, one.text('path') ?? '/', one.text('pathType') ?? 'Prefix')
    }
  }
  for (const key of ['rules', 'defaultBackend', 'tls', 'ingressClassName']) spec?.take(key)
  if (spec?.has('tls'))
    notes.changed(
      spec.placeOf('tls'),
      `${object.section.path}.spec.tls`,
      'certificates come from the environment',
      "Set `tls: 'cert-manager'` or `'files'` of the environment.",
    )
  spec?.close(notes, {}, apiName)
  return found
}

/** The routes of a Gateway API HTTPRoute. */
export function gatewayRoutes(object: KubernetesObject, notes: Notes): readonly ServiceRoute[] {
  const spec = object.section.section('spec')
  const hosts = (spec?.items('hostnames') ?? []).flatMap((item) => textOf(item) ?? [])
  const found: ServiceRoute[] = []
  for (const item of spec?.items('rules') ?? []) {
    if (item.kind !== 'mapping') continue
    const rule = openSection(item, `${object.section.path}.spec.rules`)
    const backends = rule
      .items('backendRefs')
      .flatMap((one) => (one.kind === 'mapping' ? [openSection(one, rule.path)] : []))
    const [backend] = backends
    if (backends.length > 1)
      notes.lost(
        item.at,
        `${rule.path}.backendRefs`,
        'shares between services are those of a release, not of a route',
        'Release the new version as a canary.',
      )
    const service = backend?.text('name')
    const strip = rule
      .items('filters')
      .some((filter) => filter.kind === 'mapping' && textOf(filter.entries.get('type')) === 'URLRewrite')
    if (rule.has('filters') && !strip)
      notes.lost(
        rule.placeOf('filters'),
        `${rule.path}.filters`,
        'filters of a route are not carried over',
        'See `protect` for headers and limits.',
      )
    const matches = rule
      .items('matches')
      .flatMap((match) => (match.kind === 'mapping' ? [openSection(match, `${rule.path}.matches`)] : []))
    for (const match of matches.length > 0 ? matches : [undefined]) {
      const path = match?.section('path')?.text('value')?.replace(/\/$/, '') || undefined
      const method = match?.text('method')
      const headers = Object.fromEntries(
        (match?.items('headers') ?? []).flatMap((header) =>
          header.kind === 'mapping'
            ? [[textOf(header.entries.get('name')) ?? '', textOf(header.entries.get('value')) ?? '']]
            : [],
        ),
      )
      if (match?.has('queryParams'))
        notes.lost(
          match.placeOf('queryParams'),
          `${match.path}.queryParams`,
          'routes do not look at the query',
          'Route by path or header.',
        )
      for (const host of hosts.length > 0 ? hosts : [undefined]) {
        if (!service) continue
        const full = {
          ...(host && { host }),
          ...(path && { path }),
          ...(method && { methods: [method] }),
          ...(Object.keys(headers).length > 0 && { headers }),
          ...(strip && path && { stripPath: true }),
        }
        const isPlain = Object.keys(full).every((key) => key === 'host' || key === 'path')
        found.push({ service, protect: {}, route: isPlain ? `${host ?? ''}${path ?? (host ? '' : '/')}` : full })
      }
    }
  }
  for (const key of ['parentRefs', 'rules', 'hostnames']) spec?.take(key)
  spec?.close(notes, {}, apiName)
  return found
}

/** What the annotations of well-known controllers say that the catalog has. */
function readAnnotations(
  { annotations, section }: KubernetesObject,
  notes: Notes,
): { protect: Record<string, unknown>; stripPath: boolean } {
  const protect: Record<string, unknown> = {}
  let stripPath = false
  for (const [key, value] of annotations) {
    const name = key.replace(/^nginx\.(ingress\.kubernetes\.io|org)\//, '')
    if (name === 'proxy-body-size' || name === 'client-max-body-size') {
      const size = quantityAsSize(value.replace(/k$/i, 'Ki').replace(/m$/i, 'Mi').replace(/g$/i, 'Gi'))
      if (size && size !== '10Mi') protect.maxBody = size
    } else if (name === 'limit-rps' && /^\d+$/.test(value)) protect.rateLimit = `${value}/s`
    else if (name === 'limit-rpm' && /^\d+$/.test(value)) protect.rateLimit = `${value}/min`
    else if (name === 'enable-cors' && value === 'true')
      protect.cors = {
        origins: (annotations.get(key.replace('enable-cors', 'cors-allow-origin')) ?? '*')
          .split(',')
          .map((origin) => origin.trim()),
      }
    else if (name === 'rewrite-target') stripPath = true
    else if (
      /^(cors-allow-origin|use-regex|ssl-redirect|force-ssl-redirect|backend-protocol)$/.test(name) ||
      /cert-manager\.io|kubernetes\.io\/(ingress\.class|tls-acme)|kubectl\.kubernetes\.io/.test(key)
    )
      continue
    else
      notes.lost(
        section.at,
        `${section.path}.metadata.annotations`,
        `the annotation ${key} is not carried over`,
        'See `protect`, `timeout` and `affinity`.',
      )
  }
  return { protect, stripPath }
}
