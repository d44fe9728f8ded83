import type { ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { Problem } from '@seaworthy/model'
import type { EngineKind } from '../core/engine.ts'
import type { Limits } from '../core/limits.ts'
import type { GatewaySnapshot } from '../snapshot.ts'
import { checkSnapshot } from '../snapshot-check.ts'
import { type BoundListener, bindAndHandOver } from './bound-listener.ts'
import { connectGateway, GatewayControl } from './control.ts'
import { type HolderCharge, type Spawn, startProcess } from './entry.ts'
import { makeDirectories, readSnapshot, replaceFile, type StateFiles, stateFiles } from './state-files.ts'
import type { GatewayStatus } from './status.ts'

/** ms that orphaned workers get to start a holder, when they seem to hold our ports. */
const orphansMs = 3_000

/** How to start a gateway in processes of its own. */
export interface StartGatewayOptions {
  /** Where it keeps its control socket, its snapshot and its logs. */
  readonly stateDir: string
  /** `own` unless told otherwise. */
  readonly engine?: EngineKind
  /** Worker processes; 2 unless told otherwise. */
  readonly workers?: number
  /** What to serve; the saved snapshot of the state directory when absent, nothing when there is none. */
  readonly snapshot?: GatewaySnapshot
  /** Whether each request gets a line in `logs/access.log`; true unless told otherwise. */
  readonly accessLog?: boolean
  readonly limits?: Partial<Limits>
  readonly spawn?: Spawn
  /** ms to become ready, 15,000 unless told otherwise. */
  readonly withinMs?: number
}

/**
 * Starts a gateway that outlives this process, or connects to the one that runs in this state directory already (its snapshot is then
 * left as it is). Resolves when it serves; throws a Problem SW2003 when a listener cannot be bound, SW2006 when it does not become ready.
 */
export async function startGateway(options: StartGatewayOptions): Promise<GatewayControl> {
  const running = await connectGateway(options.stateDir).catch(() => undefined)
  if (running !== undefined) return new GatewayControl(options.stateDir, await running.status(), true)
  const files = stateFiles(options.stateDir)
  makeDirectories(files)
  if (options.snapshot !== undefined) {
    checkSnapshot(options.snapshot)
    await replaceFile(files.snapshot, JSON.stringify(options.snapshot))
  }
  const snapshot = options.snapshot ?? (await readSnapshot(files))
  const before = await portsBefore(files.ports)
  const wishes = (snapshot?.listeners ?? []).map(({ name, host, port }) => {
    const was = before.find((bound) => bound.name === name && bound.host === host && bound.asked === port)?.port
    return { name, host, port, ...(was !== undefined && { before: was }) }
  })
  const start = (insist: boolean): Promise<ChildProcess> =>
    bindAndHandOver(
      wishes.map((wish) => ({ ...wish, insist })),
      (listeners) => startProcess('holder-main', chargeOf(options, files, listeners), files, options.spawn),
    )
  let child: ChildProcess
  try {
    child = await start(true)
  } catch {
    // Perhaps the port is held by workers whose holder has died and who are about to start a new one.
    const orphans = await ready(options.stateDir, undefined, orphansMs)
    if (orphans !== undefined) return new GatewayControl(options.stateDir, orphans, true)
    child = await start(false)
  }
  child.unref()
  const status = await ready(options.stateDir, child, options.withinMs ?? 15_000)
  if (status === undefined) {
    throw new Problem({
      code: 'SW2006',
      message: `expected the gateway to become ready, found: ${await lastLine(files.log)}`,
      where: { file: files.log },
    })
  }
  return new GatewayControl(options.stateDir, status, true)
}

function chargeOf(options: StartGatewayOptions, files: StateFiles, listeners: readonly BoundListener[]): HolderCharge {
  return {
    stateDir: files.directory,
    engine: options.engine ?? 'own',
    workers: options.workers ?? 2,
    accessLog: options.accessLog ?? true,
    limits: options.limits ?? {},
    listeners,
    orphans: false,
  }
}

async function ready(
  stateDir: string,
  child: ChildProcess | undefined,
  withinMs: number,
): Promise<GatewayStatus | undefined> {
  const end = performance.now() + withinMs
  while ((child?.exitCode ?? null) === null && performance.now() < end) {
    const status = await connectGateway(stateDir)
      .then((control) => control.status())
      .catch(() => undefined)
    if (status?.ready) return status
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  child?.kill('SIGKILL')
  return undefined
}

async function portsBefore(path: string): Promise<Omit<BoundListener, 'fd'>[]> {
  const text = await readFile(path, 'utf8').catch(() => '[]')
  try {
    return JSON.parse(text) as Omit<BoundListener, 'fd'>[]
  } catch {
    return []
  }
}

async function lastLine(path: string): Promise<string> {
  const lines = (await readFile(path, 'utf8').catch(() => '')).trim().split('\n')
  return lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? 'nothing'
}
