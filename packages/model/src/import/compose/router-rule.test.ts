import { describe, expect, it } from 'vitest'
import { collectNotes } from '../note.ts'
import { readLabels } from './labels.ts'
import { readRouterRule } from './router-rule.ts'

const at = { file: 'compose.yaml', line: 1 }
const labels = (given: Readonly<Record<string, string>>) => {
  const notes = collectNotes()
  return { ...readLabels(new Map(Object.entries(given)), at, 'services.a.labels', notes), notes: notes.all }
}

describe('Traefik rules', () => {
  it.each([
    ['Host(`a.example.com`)', ['a.example.com']],
    ['Host(`a.example.com`) || Host(`b.example.com`)', ['a.example.com', 'b.example.com']],
    ['Host(`a.example.com`, `b.example.com`)', ['a.example.com', 'b.example.com']],
    ['Host(`a.example.com`) && PathPrefix(`/api`)', ['a.example.com/api']],
    ['Host(`a.example.com`) && (PathPrefix(`/api/`) || PathPrefix(`/v2`))', ['a.example.com/api', 'a.example.com/v2']],
    ['PathPrefix(`/`)', ['/']],
    ['Host("A.example.com")', ['a.example.com']],
    ['Host(`a.example.com`) && Method(`GET`, `POST`)', [{ host: 'a.example.com', methods: ['GET', 'POST'] }]],
    ['Headers(`X-Tenant`, `one`)', [{ headers: { 'X-Tenant': 'one' } }]],
  ])('%s', (rule, routes) => {
    expect(labels({ 'traefik.http.routers.r.rule': rule }).routes).toEqual(routes)
  })

  it.each([
    'HostRegexp(`.+`)',
    '!Host(`a.example.com`)',
    'ClientIP(`10.0.0.0/8`)',
    'Query(`a`, `b`)',
    'PathPrefix(`/{id:[0-9]+}`)',
  ])('%s is said to be lost', (rule) => {
    const read = labels({ 'traefik.http.routers.r.rule': rule })
    expect(read.routes).toEqual([])
    expect(read.notes).toEqual([expect.objectContaining({ kind: 'lost' })])
  })

  it.each(['', 'Host(', 'Host(`a`) &&', 'Host(`a`) Host(`b`)', 'nonsense'])('%j is no rule', (rule) => {
    expect(readRouterRule(rule)).toBeUndefined()
  })

  it('take a prefix off where a middleware of theirs does', () => {
    expect(
      labels({
        'traefik.http.routers.r.rule': 'PathPrefix(`/api`)',
        'traefik.http.routers.r.middlewares': 'strip@docker,limit',
        'traefik.http.middlewares.strip.stripprefix.prefixes': '/api',
        'traefik.http.middlewares.limit.ratelimit.average': '60',
        'traefik.http.middlewares.limit.ratelimit.period': '1m',
        'traefik.http.services.s.loadbalancer.server.port': '8000',
      }),
    ).toMatchObject({ routes: [{ path: '/api', stripPath: true }], rateLimit: '60/min', port: 8000 })
  })

  it('of a service that is switched off count for nothing', () => {
    expect(labels({ 'traefik.enable': 'false', 'traefik.http.routers.r.rule': 'Host(`a`)' }).routes).toEqual([])
  })
})
