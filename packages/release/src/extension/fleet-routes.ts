import type { ApiRoute, Schema } from '@seaworthy/engine'
import type { Fleet } from '@seaworthy/model'
import type { FleetReleases, FleetVerb } from '../fleet/fleet-releases.ts'
import type { FleetReleaseRequest } from '../fleet/fleet-state.ts'
import type { Releases } from '../machine/releases.ts'
import { followFleetRelease } from './follow-fleet-release.ts'

const anything: Schema = { type: 'object' }

function verbRoute(groups: FleetReleases, verb: FleetVerb, summary: string): ApiRoute {
  return {
    method: 'POST',
    path: `/v1/fleet-releases/{release}/${verb}`,
    operation: `${verb}FleetRelease`,
    summary,
    body: { type: 'object', properties: { reason: { type: 'string' } } },
    answer: anything,
    handle: {
      kind: 'value',
      run: ({ path, body }) => groups.say(path.release ?? '', verb, (body as { reason?: string } | undefined)?.reason),
    },
  }
}

/** The operations on releases of several services together. */
export function fleetReleaseRoutes(groups: FleetReleases, releases: Releases): readonly ApiRoute[] {
  return [
    {
      method: 'POST',
      path: '/v1/fleet-releases',
      operation: 'beginFleetRelease',
      summary: 'Begins a release of several services; the answer holds its waves and plan, before anything is done',
      body: { type: 'object', properties: { fleet: anything, request: anything }, required: ['fleet', 'request'] },
      answer: anything,
      handle: {
        kind: 'value',
        run: ({ body }) => {
          const { fleet, request } = body as { fleet: Fleet; request: FleetReleaseRequest }
          return groups.begin(request, fleet)
        },
      },
    },
    {
      method: 'GET',
      path: '/v1/fleet-releases',
      operation: 'fleetReleases',
      summary: 'All releases of several services, oldest first',
      answer: { type: 'array', items: anything },
      handle: { kind: 'value', run: () => groups.list() },
    },
    {
      method: 'GET',
      path: '/v1/fleet-releases/{release}',
      operation: 'fleetRelease',
      summary: 'One of them',
      answer: anything,
      handle: { kind: 'value', run: ({ path }) => groups.find(path.release ?? '') },
    },
    {
      method: 'GET',
      path: '/v1/fleet-releases/{release}/follow',
      operation: 'followFleetRelease',
      summary: 'Its state and everything that happens to it and to its members, until it is over',
      answer: anything,
      handle: {
        kind: 'events',
        run: ({ path, signal }) => followFleetRelease(groups, releases, path.release ?? '', signal),
      },
    },
    verbRoute(groups, 'hold', 'No wave begins and no member goes on; harm still takes members back'),
    verbRoute(groups, 'resume', 'Goes on; without the members that were taken back'),
    verbRoute(groups, 'abort', 'Takes every member back, the last wave first'),
    verbRoute(groups, 'retry', 'Tries again to take back what could not be'),
  ]
}
