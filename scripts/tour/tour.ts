import { spawn } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { type ControllerClient, connectController, untilReady } from '@seaworthy/engine'
import { loadFleet, resolve } from '@seaworthy/model'
import { isOver, type ReleaseSight, type ReleaseState } from '@seaworthy/release'
import { drive, type Traffic, type TrafficAccount } from './traffic.ts'

/** A fleet to show: which service is disturbed, and what is asked of it. */
export interface TourStop {
  /** Folder of the catalog. */
  readonly folder: string
  readonly environment: string
  /** Service that loses a replica and gets a new version. */
  readonly service: string
  readonly traffic: Traffic
}

/** What the tour saw. */
export interface TourReport {
  readonly url: string
  readonly services: number
  readonly replicas: number
  readonly killed: string
  readonly release: string
  readonly requests: TrafficAccount
  /** Processes of the fleet that were still there after `down`. */
  readonly left: readonly number[]
}

const main = new URL('../../packages/cli/src/main.ts', import.meta.url).pathname

function seaworthy(...args: string[]): Promise<void> {
  const child = spawn(process.execPath, [main, ...args], { stdio: 'inherit' })
  return new Promise((done, failed) => {
    child.on('error', failed)
    child.on('close', (code) =>
      code === 0 ? done() : failed(new Error(`seaworthy ${args.join(' ')} ended with ${code}`)),
    )
  })
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Releases the next version by blue-green; the previous one is kept warm until `finish`. */
async function swap(
  client: ControllerClient,
  stop: TourStop,
): Promise<{ readonly id: string; readonly version: string; readonly outcome: string }> {
  const loaded = await loadFleet(stop.folder)
  const fleet = resolve(loaded.document, stop.environment)
  const version = await nextVersion(client, stop.service)
  const request = { service: stop.service, version, strategy: 'blue-green', overrides: { env: { VERSION: version } } }
  const { id } = await client.call<ReleaseState>('POST', '/v1/releases', { fleet, request })
  for await (const sight of client.events<ReleaseSight>('GET', `/v1/releases/${id}/follow`)) {
    if (sight.kind === 'doing') console.log(`  ${sight.text}`)
    if (sight.kind === 'doing' && sight.text.startsWith('keep the previous')) return { id, version, outcome: 'swapped' }
    if (sight.kind === 'state' && isOver(sight.state.phase)) {
      console.log(`  ${sight.state.phase.kind}${'reason' in sight.state.phase ? `: ${sight.state.phase.reason}` : ''}`)
      return { id, version, outcome: sight.state.phase.kind }
    }
  }
  return { id, version, outcome: 'unknown' }
}

/** `v2` at first, then `v3` and so on: the state of earlier tours is kept. */
async function nextVersion(client: ControllerClient, service: string): Promise<string> {
  const seen = (await client.state()).services.find((each) => each.service === service)
  const numbers = (seen?.versions ?? []).map(({ version }) => Number(/^v(\d+)$/.exec(version)?.[1] ?? 1))
  return `v${Math.max(1, ...numbers) + 1}`
}

/** Takes a release to its end: the previous version is not kept warm any longer. */
async function finish(client: ControllerClient, id: string): Promise<void> {
  const state = await client.call<ReleaseState>('GET', `/v1/releases/${id}`)
  if (isOver(state.phase)) return
  await client.call('POST', `/v1/releases/${id}/promote`, { reason: 'the tour is over' })
  for await (const sight of client.events<ReleaseSight>('GET', `/v1/releases/${id}/follow`)) {
    if (sight.kind === 'state' && isOver(sight.state.phase)) return
  }
}

/** Ends what an earlier tour, ended by force, left under way. */
async function finishAll(client: ControllerClient): Promise<void> {
  for (const { id } of await client.call<readonly ReleaseState[]>('GET', '/v1/releases')) await finish(client, id)
}

/**
 * Runs a fleet, drives traffic through its gateway, kills a replica, swaps a version, and says what became of every
 * request. `stay` is awaited before everything is stopped; it gets the address to look at.
 */
export async function tour(stop: TourStop, stay: (url: string) => Promise<void>): Promise<TourReport> {
  await seaworthy('up', stop.folder, '--env', stop.environment, '--detach').catch(async (error: Error) => {
    await seaworthy('down', '--config', stop.folder, '--env', stop.environment).catch(() => undefined)
    throw error
  })
  const client = await connectController(`${stop.folder}/.seaworthy/${stop.environment}`)
  const before = await client.state()
  const url = before.gateway.urls[0] ?? ''
  const pids = new Set([(await client.controller()).pid, ...before.replicas.flatMap(({ pid }) => pid ?? [])])
  try {
    await finishAll(client)
    console.log(`\ntraffic: ${stop.traffic.rate} requests/s to ${url}`)
    const running = drive(url, stop.traffic)
    await wait(2_000)

    const now = await client.state()
    const stable = now.services.find(({ service }) => service === stop.service)?.stable
    const victim = now.replicas.find(
      ({ service, version, phase }) => service === stop.service && version === stable && phase === 'ready',
    )
    if (victim?.pid === undefined) throw new Error(`${stop.service} has no replica to kill`)
    console.log(`kill -9 ${victim.replica} (pid ${victim.pid})`)
    process.kill(victim.pid, 'SIGKILL')
    await wait(500)
    const wanted = now.services.find(({ service }) => service === stop.service)
    await untilReady(client, {
      service: stop.service,
      version: victim.version,
      replicas: wanted?.versions.find(({ version }) => version === stable)?.replicas ?? 1,
    })
    console.log('  ready again')

    console.log(`release of ${stop.service}, blue-green`)
    const released = await swap(client, stop)
    await wait(2_000)
    const requests = await running.end()
    for (const { pid } of (await client.state()).replicas) if (pid !== undefined) pids.add(pid)
    console.log(formatAccount(requests))
    await finish(client, released.id)
    await stay(url)
    const after = await client.state()
    return {
      url,
      services: after.services.length,
      replicas: before.replicas.length,
      killed: victim.replica,
      release: `${released.version} ${released.outcome}`,
      requests,
      left: await stopAll(stop, pids),
    }
  } catch (error) {
    await stopAll(stop, pids)
    throw error
  }
}

async function stopAll(stop: TourStop, pids: ReadonlySet<number>): Promise<number[]> {
  await seaworthy('down', '--config', stop.folder, '--env', stop.environment)
  for (let tries = 0; tries < 50 && [...pids].some(alive); tries++) await wait(100)
  return [...pids].filter(alive)
}

function formatAccount(account: TrafficAccount): string {
  const versions = Object.entries(account.versions)
    .map(([version, count]) => `${count} by ${version}`)
    .join(', ')
  const faults = Object.entries(account.faults)
    .map(([fault, count]) => `${count} ${fault}`)
    .join(', ')
  return `${account.sent} requests sent, ${account.answered} answered (${versions}), ${account.lost} lost${faults ? `: ${faults}` : ''}`
}
