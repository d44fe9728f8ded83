import { chmodSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { resolve } from 'node:path'
import type { MachineEngine } from '../machine/engine/machine-engine.ts'
import { type MachineEngineOptions, startMachineEngine } from '../machine/engine/start-machine-engine.ts'
import { systemClock } from '../machine/ports.ts'
import { systemProcessTable } from '../machine/process/process-table.ts'
import { engineVersion } from './api-document.ts'
import type { ApiRoute, ControllerExtension, RunningExtension } from './api-route.ts'
import { apiServer } from './api-server.ts'
import { controllerRoutes } from './controller-routes.ts'
import { engineRoutes } from './engine-routes.ts'
import { openApi } from './open-api.ts'
import { OwnerWatch } from './owner.ts'
import { socketPath } from './socket-path.ts'

/** How to run a controller in this process. */
export interface ControllerOptions extends MachineEngineOptions {
  readonly extensions?: readonly ControllerExtension[]
  /** Version told by the API. */
  readonly version?: string
  /** Called when the controller's work is over: the fleet is down. */
  readonly over?: () => void
}

/** A controller at work in this process: the engine, the extensions, and the API over them. */
export class Controller implements AsyncDisposable {
  readonly engine: MachineEngine
  readonly socket: string
  readonly #server: Server
  readonly #extensions: readonly RunningExtension[]
  readonly #owner: OwnerWatch

  constructor(parts: {
    readonly engine: MachineEngine
    readonly socket: string
    readonly server: Server
    readonly extensions: readonly RunningExtension[]
    readonly owner: OwnerWatch
  }) {
    this.engine = parts.engine
    this.socket = parts.socket
    this.#server = parts.server
    this.#extensions = parts.extensions
    this.#owner = parts.owner
  }

  /** Ends the controller; the fleet goes on. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#owner[Symbol.dispose]()
    for (const extension of this.#extensions.toReversed()) await extension[Symbol.asyncDispose]()
    await this.engine[Symbol.asyncDispose]()
    this.#server.closeAllConnections()
    await new Promise<void>((done) => void this.#server.close(() => done()))
  }
}

/** Takes control of a state directory and serves the API on its socket. Throws SW4020 when another controller runs there. */
export async function startController(options: ControllerOptions): Promise<Controller> {
  const engine = await startMachineEngine(options)
  const stateDir = resolve(options.stateDir)
  const socket = socketPath(stateDir)
  const startedAt = Date.now()
  const about = {
    pid: process.pid,
    startedAt,
    version: options.version ?? engineVersion(),
    stateDir,
    root: resolve(options.root),
    environment: options.environment ?? 'development',
  }
  const over = options.over ?? (() => {})
  const owner = new OwnerWatch(options.clock ?? systemClock, options.table ?? systemProcessTable(), () => {
    void (async () => {
      // A second interrupt ended the terminal while the fleet was being stopped: no more patience.
      for await (const _ of engine.down({ force: engine.stopping }));
      over()
    })()
  })
  const own: readonly ApiRoute[] = [
    ...engineRoutes(engine).map((route) => (route.operation === 'down' ? endingWith(route, over) : route)),
    ...controllerRoutes(about, owner),
  ]
  const extensions: RunningExtension[] = []
  const routes = (): readonly ApiRoute[] => [...own, ...extensions.flatMap((extension) => extension.routes ?? [])]
  const server = apiServer(routes, () => openApi(routes(), about.version))
  const { root, environment } = about
  for (const extension of options.extensions ?? [])
    extensions.push(await extension.start({ engine, stateDir, root, environment }))
  // Whoever holds the lock owns the socket: what lies there is a dead controller's.
  rmSync(socket, { force: true })
  await new Promise<void>((done, failed) => {
    server.once('error', failed)
    server.listen(socket, done)
  })
  chmodSync(socket, 0o600)
  return new Controller({ engine, socket, server, extensions, owner })
}

/** The controller has nothing to do once the fleet is down: it ends after its last word. */
function endingWith(route: ApiRoute, over: () => void): ApiRoute {
  const { handle } = route
  if (handle.kind !== 'events') return route
  return {
    ...route,
    handle: {
      kind: 'events',
      run: async function* (request) {
        yield* handle.run(request)
        setTimeout(over, 20)
      },
    },
  }
}
