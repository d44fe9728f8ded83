import { join } from 'node:path'
import { type Endpoint, type GatewayControl, type GatewaySnapshot, startGateway } from '@seaworthy/gateway'
import { type ServiceProcess, startServiceProcess } from './service-process.ts'

/** A replica and what the gateway is told of it. */
interface Replica {
  readonly id: string
  readonly version: string
  readonly process: ServiceProcess
  state: Endpoint['state']
}

/**
 * A gateway in its own processes in front of replicas of the test service, with no more of a supervisor than the gateway needs to be
 * tested: replicas are started before they are named, and taken out of the snapshot before they are ended.
 */
export class GatewayFleet implements AsyncDisposable {
  readonly gateway: GatewayControl
  readonly url: string
  readonly ledger: string
  readonly #replicas: Replica[] = []
  #version = 1
  #started = 0
  #generation = 1

  private constructor(gateway: GatewayControl, url: string, ledger: string) {
    this.gateway = gateway
    this.url = url
    this.ledger = ledger
  }

  /** Starts two workers and two replicas of v1. */
  static async start(directory: string): Promise<GatewayFleet> {
    const gateway = await startGateway({
      stateDir: join(directory, 'gateway'),
      workers: 2,
      snapshot: snapshotOf(1, []),
    })
    const port = (await gateway.listeners())[0]?.port ?? 0
    const fleet = new GatewayFleet(gateway, `http://127.0.0.1:${port}`, join(directory, 'ledger'))
    await fleet.add(2)
    await fleet.publish()
    return fleet
  }

  /** The replicas that the gateway may use, in the order of their start. */
  get ready(): readonly Replica[] {
    return this.#replicas.filter((replica) => replica.state === 'ready')
  }

  /** Starts replicas of the current version; they get traffic from the next `publish` on. */
  async add(count: number): Promise<void> {
    const version = `v${this.#generation}`
    const fresh = await Promise.all(
      Array.from({ length: count }, async (): Promise<Replica> => {
        this.#started += 1
        const id = `${version}-${this.#started}`
        return {
          id,
          version,
          state: 'ready',
          process: await startServiceProcess({ LEDGER: this.ledger, VERSION: version, DRAIN_MS: '60000' }),
        }
      }),
    )
    this.#replicas.push(...fresh)
  }

  /** Tells the gateway what there is now. */
  async publish(): Promise<void> {
    this.#version += 1
    await this.gateway.apply(snapshotOf(this.#version, this.#replicas))
  }

  /** Blue-green: new replicas of the next version, one switch, and the old ones drained and ended. */
  async swap(): Promise<void> {
    const old = [...this.ready]
    this.#generation += 1
    await this.add(2)
    await this.retire(old)
  }

  /** Takes replicas out of rotation, waits until they have nothing in flight, and ends them. */
  async retire(old: readonly Replica[]): Promise<void> {
    for (const replica of old) replica.state = 'draining'
    await this.publish()
    const ids = old.map(({ id }) => id)
    if (!(await this.gateway.drained(ids, 60_000)))
      throw new Error(`${ids.join(', ')} still have requests in flight after 60 s`)
    for (const replica of old) {
      const code = await replica.process.drain()
      if (code !== 0) throw new Error(`${replica.id} ended with ${String(code)} instead of draining`)
      this.#replicas.splice(this.#replicas.indexOf(replica), 1)
    }
    await this.publish()
  }

  /** SIGKILL; what a supervisor does about it: out of the snapshot, another one started, in again. `harmed` is told when it is gone. */
  async kill(replica: Replica, harmed: () => void): Promise<void> {
    await replica.process[Symbol.asyncDispose]()
    harmed()
    this.#replicas.splice(this.#replicas.indexOf(replica), 1)
    await this.publish()
    await this.add(1)
    await this.publish()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway[Symbol.asyncDispose]()
    await Promise.all(this.#replicas.map(({ process }) => process[Symbol.asyncDispose]()))
  }
}

function snapshotOf(version: number, replicas: readonly Replica[]): GatewaySnapshot {
  const versions = [...new Set(replicas.map((replica) => replica.version))]
  // With nobody ready the newest version keeps the traffic: its requests are held until somebody is.
  const serving = (replicas.findLast(({ state }) => state === 'ready') ?? replicas.at(-1))?.version
  return {
    version,
    listeners: [{ name: 'main', host: '127.0.0.1', port: 0 }],
    routes: [{ id: 'all', service: 'service', path: '/', timeoutMs: 30_000, maxBodyBytes: 10_000_000 }],
    services: [
      {
        service: 'service',
        protocol: 'http',
        versions: versions.map((name) => ({
          version: name,
          share: name === serving ? 1 : 0,
          endpoints: replicas
            .filter((replica) => replica.version === name)
            .map(({ id, state, process }) => ({ id, state, address: `127.0.0.1:${process.port}` })),
        })),
        sticky: { kind: 'none' },
        coinKey: 'zero-loss',
        hold: { max: 1000, deadlineMs: 10_000 },
        streamGraceMs: 200,
        maxConnectionsPerEndpoint: 256,
        retries: 2,
      },
    ],
    trustedProxies: [],
  }
}
