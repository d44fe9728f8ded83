import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, realpathSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Desired } from '../desired/desired.ts'
import { isRouted, stableOf } from '../desired/desired.ts'
import { unitsOf } from '../desired/units.ts'
import { systemLimits } from '../limits/cgroup.ts'
import type { Limits } from '../limits/limits.ts'
import { SecretMasks } from '../logs/secret-masks.ts'
import { type Clock, type Random, systemClock } from '../ports.ts'
import { type Prober, systemProber } from '../probe/run-probe.ts'
import { findExecutable } from '../process/command.ts'
import { type ProcessTable, systemProcessTable } from '../process/process-table.ts'
import { type Spawn, systemSpawn } from '../process/spawn.ts'
import { gatewayProcess } from '../routing/gateway-process.ts'
import { gatewaySnapshot } from '../routing/gateway-snapshot.ts'
import { type GatewayLink, Publisher } from '../routing/publisher.ts'
import { Driver } from '../runtime/driver.ts'
import { plainSecrets, type SecretSource } from '../secret-source.ts'
import { lockController } from '../state/controller-lock.ts'
import { StateStore } from '../state/state-store.ts'
import { findLegacy } from './adoption.ts'
import { DesiredDocument } from './desired-document.ts'
import type { EngineParts } from './engine-parts.ts'
import { ExposureLedger, type ExposureRecord } from './exposure.ts'
import { jobLaunch, type LaunchFacts, replicaLaunch } from './launches.ts'
import { MachineEngine } from './machine-engine.ts'
import { Rounds } from './rounds.ts'
import { UsageMeter } from './usage.ts'

/** How to run a fleet on this machine. */
export interface MachineEngineOptions {
  /** Everything that is kept lives here; one controller at a time. */
  readonly stateDir: string
  /** Directory that the catalog's relative paths begin at. */
  readonly root: string
  readonly environment?: string
  /** Data plane of the gateway; its own unless told otherwise. */
  readonly gatewayEngine?: 'own' | 'node-http'
  readonly gatewayWorkers?: number
  /** Variables that `PATH`, secrets and `env:` addresses are taken from; the process's own unless told otherwise. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly secrets?: SecretSource
  readonly clock?: Clock
  readonly random?: Random
  readonly table?: ProcessTable
  readonly spawn?: Spawn
  readonly prober?: Prober
  readonly limits?: Limits
  readonly gateway?: GatewayLink
}

/**
 * Takes control of a state directory: the lock, what is on disk, and the processes that an earlier controller left,
 * which go on undisturbed. Throws SW4020 when another controller runs there, SW4021 when a newer version wrote it.
 */
export async function startMachineEngine(options: MachineEngineOptions): Promise<MachineEngine> {
  mkdirSync(resolve(options.stateDir), { recursive: true, mode: 0o711 })
  const stateDir = realpathSync(options.stateDir)
  // Others may pass through, to what is theirs, and read nothing.
  chmodSync(stateDir, 0o711)
  const lock = lockController(stateDir)
  const store = new StateStore(stateDir)
  const env = options.env ?? process.env
  const clock = options.clock ?? systemClock
  const random = options.random ?? Math.random
  const table = options.table ?? systemProcessTable()
  const scope = createHash('sha256').update(stateDir).digest('hex').slice(0, 12)
  const limits = options.limits ?? systemLimits(`seaworthy-${scope}`)
  const desired = new DesiredDocument(store)
  const link = options.gateway ?? gatewayProcess(gatewayOptions(stateDir, table, options))
  const secrets = options.secrets ?? plainSecrets(() => desired.current?.fleet, env, stateDir)
  const facts: LaunchFacts = {
    stateDir,
    env,
    setpriv: process.platform === 'linux' ? findExecutable('setpriv', '/', env.PATH ?? '') : undefined,
    secret: async (name) => masks.add(await secrets(name)),
    random,
    taken: () => takenPorts(desired.current, driver),
  }
  const wanted = (): Desired => {
    const { current } = desired
    if (!current) throw new Error('nothing is wanted yet')
    return current
  }
  const overridesOf = (key: string): object | undefined => store.read<object>(`job-overrides:${key}`)
  const masks = new SecretMasks(stateDir)
  const driver: Driver = new Driver(
    {
      clock,
      random,
      table,
      spawn: options.spawn ?? systemSpawn(table),
      prober: options.prober ?? systemProber,
      limits,
    },
    {
      stateDir,
      scope,
      store,
      masks,
      prepareReplica: (replica) => replicaLaunch(wanted(), replica, facts),
      prepareJob: (run) => jobLaunch(wanted(), run, facts, overridesOf(run.key)),
      rotate: (rotation) => {
        const routed = Object.values(desired.current?.services ?? {}).some((service) =>
          isRouted(stableOf(service).spec),
        )
        // A fleet without ways in needs no gateway.
        if (routed || publisher.isOpen) publisher.want(rotation)
        else queueMicrotask(() => engine.rotated(rotation, 0))
      },
      changed: (replicas, jobs) => {
        exposure.advance(driver.supervisor.replicas.values(), clock.now())
        for (const [id, replica] of replicas) if (!replica) exposure.forget(id)
        engine.notice(replicas, jobs)
      },
    },
  )
  const publisher = new Publisher(
    link,
    clock,
    store.read<number>('snapshot-version') ?? 0,
    (version) => gatewaySnapshot(wanted(), driver.supervisor.replicas.values(), version, desired.stopped),
    (rotation, snapshot) => {
      store.write({ 'snapshot-version': snapshot.version })
      engine.rotated(rotation, snapshot.version)
    },
  )
  const exposure = new ExposureLedger(store.read<ExposureRecord>('exposure'), clock.now())
  const usage = new UsageMeter(table)
  const offset = clock.wall() - clock.now()
  const parts: EngineParts = {
    stateDir,
    scope,
    environment: options.environment ?? 'development',
    root: resolve(options.root),
    env,
    clock,
    random,
    store,
    driver,
    link,
    publisher,
    desired,
    usage,
    exposure,
    masks,
    toWall: (at) => at + offset,
    limitations: () => [...limits.limitations, ...concessions(driver)],
    nextRuns: () => rounds.nextRuns(),
    watchExternals: (next) => rounds.watchExternals(next),
    destroy: () => {
      for (const name of ['data', 'volumes', 'secrets', 'tmp', 'jobs', 'logs']) {
        rmSync(join(stateDir, name), { recursive: true, force: true })
      }
      store.clear()
    },
    close: () => {
      rounds[Symbol.dispose]()
      publisher[Symbol.dispose]()
      driver[Symbol.dispose]()
      store[Symbol.dispose]()
      lock[Symbol.dispose]()
    },
  }
  const engine = new MachineEngine(parts)
  const rounds = new Rounds(parts, engine, facts.secret)
  await adopt(parts, scope, table, facts, overridesOf)
  rounds.start()
  return engine
}

function gatewayOptions(
  stateDir: string,
  table: ProcessTable,
  { gatewayEngine, gatewayWorkers }: MachineEngineOptions,
) {
  return {
    stateDir,
    table,
    ...(gatewayEngine !== undefined && { engine: gatewayEngine }),
    ...(gatewayWorkers !== undefined && { workers: gatewayWorkers }),
  }
}

/** Goes on with what an earlier controller left. */
async function adopt(
  parts: EngineParts,
  scope: string,
  table: ProcessTable,
  facts: LaunchFacts,
  overridesOf: (key: string) => object | undefined,
): Promise<void> {
  const { driver, store, desired, stateDir, exposure } = parts
  const { current } = desired
  const units = current ? unitsOf(current) : []
  const legacy = findLegacy({
    stateDir,
    scope,
    table,
    units,
    replicas: store.replicas(),
    jobs: store.jobs(),
    exitLeft: (key, attempt) => driver.exitLeft(key, attempt),
    now: parts.clock.now(),
  })
  for (const pid of legacy.strays) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended meanwhile.
    }
  }
  for (const replica of legacy.replicas) {
    exposure.adopt(replica)
    if (!('process' in replica.state)) continue
    const launch = current && (await replicaLaunch(current, replica, facts, true).catch(() => undefined))
    driver.adopt(replica.id, driver.markOf(replica.id), launch)
  }
  for (const { run, state } of legacy.jobs) {
    if (!('process' in state)) continue
    const launch = current && (await jobLaunch(current, run, facts, overridesOf(run.key), true).catch(() => undefined))
    driver.adopt(run.key, driver.markOf(run.key), launch)
  }
  driver.supervisor.adopt(legacy.replicas, legacy.jobs, legacy.inRotation)
  if (current) parts.watchExternals(current)
  // Logs of runs that ended hold what they were given: those values must be known to be masked.
  for (const name of Object.keys(current?.fleet.secrets ?? {})) await facts.secret(name).catch(() => '')
  if (current && !desired.stopped) driver.dispatch({ kind: 'units', units })
  else if (legacy.replicas.length > 0) driver.dispatch({ kind: 'shut-down', force: false })
}

function concessions(driver: Driver): { readonly what: string; readonly why: string; readonly hint: string }[] {
  const why = new Set(
    [...driver.supervisor.replicas.keys()]
      .map((id) => driver.handleOf(id)?.launch?.concession)
      .filter((text) => text !== undefined),
  )
  return [...why].map((text) => ({
    what: 'least privilege',
    why: text,
    hint: 'Put the catalog where other users can read it, or name a `user` that can.',
  }))
}

function takenPorts(desired: Desired | undefined, driver: Driver): ReadonlySet<number> {
  const replicas = [...driver.supervisor.replicas.values()].map(({ address }) => Number(address?.split(':').at(-1)))
  return new Set([...Object.values(desired?.ports ?? {}), ...replicas])
}
