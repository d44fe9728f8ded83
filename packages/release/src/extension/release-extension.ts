import { join } from 'node:path'
import type { ApiRoute, ControllerExtension, Schema } from '@seaworthy/engine'
import type { Fleet } from '@seaworthy/model'
import { sqliteFleetJournal } from '../fleet/fleet-journal.ts'
import { FleetReleases } from '../fleet/fleet-releases.ts'
import type { ReleaseRequest } from '../machine/begin.ts'
import { realPorts } from '../machine/ports.ts'
import { Releases, type Verb } from '../machine/releases.ts'
import { sqliteJournal } from '../machine/sqlite-journal.ts'
import { fleetReleaseRoutes } from './fleet-routes.ts'
import { followRelease } from './follow-release.ts'

const text: Schema = { type: 'string' }
const anything: Schema = { type: 'object' }

function verbRoute(
  releases: Releases,
  verb: Verb['verb'],
  summary: string,
  body: Schema = { type: 'object' },
): ApiRoute {
  return {
    method: 'POST',
    path: `/v1/releases/{release}/${verb}`,
    operation: `${verb}Release`,
    summary,
    body,
    answer: anything,
    handle: {
      kind: 'value',
      run: ({ path, body: given }) => releases.say(path.release ?? '', { ...(given as object), verb } as Verb),
    },
  }
}

/** The operations on releases, as the controller serves and describes them. */
export function releaseRoutes(releases: Releases): readonly ApiRoute[] {
  const reason: Schema = { type: 'object', properties: { reason: text } }
  return [
    {
      method: 'POST',
      path: '/v1/releases',
      operation: 'beginRelease',
      summary: 'Begins a release; the answer holds its plan, before anything is done',
      body: { type: 'object', properties: { fleet: anything, request: anything }, required: ['fleet', 'request'] },
      answer: anything,
      handle: {
        kind: 'value',
        run: ({ body }) => {
          const { fleet, request } = body as { fleet: Fleet; request: ReleaseRequest }
          return releases.begin(request, fleet)
        },
      },
    },
    {
      method: 'GET',
      path: '/v1/releases',
      operation: 'releases',
      summary: 'All releases, oldest first',
      answer: { type: 'array', items: anything },
      handle: { kind: 'value', run: () => releases.list() },
    },
    {
      method: 'GET',
      path: '/v1/releases/{release}',
      operation: 'release',
      summary: 'One release, by id or the newest of a service',
      answer: anything,
      handle: { kind: 'value', run: ({ path }) => releases.find(path.release ?? '') },
    },
    {
      method: 'GET',
      path: '/v1/releases/{release}/follow',
      operation: 'followRelease',
      summary: 'Its state, what it does and every decision, until it is over',
      answer: anything,
      handle: { kind: 'events', run: ({ path, signal }) => followRelease(releases, path.release ?? '', signal) },
    },
    {
      method: 'GET',
      path: '/v1/releases/{release}/evidence',
      operation: 'releaseEvidence',
      summary: 'The rule, the counts with the shares in force, and every decision, to be replayed',
      answer: anything,
      handle: { kind: 'value', run: async ({ path }) => (await releases.evidence(path.release ?? '')) ?? {} },
    },
    {
      method: 'GET',
      path: '/v1/releases/{release}/account',
      operation: 'releaseAccount',
      summary: 'What was seen, and what could have been seen',
      answer: anything,
      handle: { kind: 'value', run: async ({ path }) => (await releases.account(path.release ?? '')) ?? {} },
    },
    verbRoute(releases, 'hold', 'Stays where it is; harm still takes it back', reason),
    verbRoute(releases, 'resume', 'Goes on; a deadline that has passed is granted once more'),
    verbRoute(releases, 'promote', 'Goes on without a verdict; the reason stays on record', {
      ...reason,
      required: ['reason'],
    }),
    verbRoute(releases, 'approve', 'Records a person’s yes', {
      type: 'object',
      properties: { by: text },
      required: ['by'],
    }),
    verbRoute(releases, 'abort', 'Takes it back', reason),
    verbRoute(releases, 'rollback', 'Flips back to the previous version while it is kept warm', reason),
    verbRoute(releases, 'retry', 'Tries again to take it back, or goes on after a freeze'),
  ]
}

/** What releases add to a controller: the journal in its state directory, the operations, and going on after a restart. */
export const releaseExtension: ControllerExtension = {
  name: 'releases',
  async start({ engine, stateDir }) {
    const journal = sqliteJournal(join(stateDir, 'releases.db'))
    const ports = realPorts(engine, journal)
    const releases = new Releases(ports)
    await releases.start()
    const fleetJournal = sqliteFleetJournal(join(stateDir, 'fleet-releases.db'))
    const groups = new FleetReleases(ports, releases, fleetJournal)
    await groups.start()
    return {
      routes: [...releaseRoutes(releases), ...fleetReleaseRoutes(groups, releases)],
      async [Symbol.asyncDispose]() {
        await groups[Symbol.asyncDispose]()
        await releases[Symbol.asyncDispose]()
        journal[Symbol.dispose]()
        fleetJournal[Symbol.dispose]()
      },
    }
  },
}
