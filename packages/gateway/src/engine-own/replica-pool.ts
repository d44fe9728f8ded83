import { connect, type Socket } from 'node:net'
import type { Limits } from '../core/limits.ts'
import type { Exchange } from '../exchange/exchange.ts'
import type { Upstream, UpstreamPool } from '../exchange/upstream.ts'
import type { EndpointState } from '../pool/endpoint.ts'
import { type ConnectionPool, ReplicaConnection } from './replica-connection.ts'

/** One buffer for all reads from replicas: what is read is passed on or copied before the next read. */
export type SharedBuffer = Buffer

/** The connections to one replica; the one used last is used next, so that the others may age and close. */
export class ReplicaPool implements UpstreamPool, ConnectionPool {
  readonly #endpoint: EndpointState
  readonly #limits: Limits
  readonly #buffer: SharedBuffer
  readonly #now: () => number
  readonly #idle: ReplicaConnection[] = []
  #retired = false
  #sweep: NodeJS.Timeout | undefined

  constructor(
    endpoint: EndpointState,
    limits: Limits,
    buffer: SharedBuffer,
    now: () => number = () => performance.now(),
  ) {
    this.#endpoint = endpoint
    this.#limits = limits
    this.#buffer = buffer
    this.#now = now
  }

  open(exchange: Exchange): Upstream {
    const now = this.#now()
    // A repeated request gets a connection of its own: those that lie idle may have died with the one that failed it.
    while (exchange.attempts.count < 2) {
      const connection = this.#idle.pop()
      if (connection === undefined) break
      if (connection.freshUntil > now) {
        connection.assign(exchange)
        return connection
      }
      connection.close()
    }
    return new Opening(exchange, this.#connect(exchange))
  }

  #connect(exchange: Exchange): Socket {
    const { target } = this.#endpoint
    let connection: ReplicaConnection | undefined
    const socket = connect({
      ...(target.kind === 'tcp' ? { host: target.host, port: target.port } : { path: target.path }),
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 15_000,
      autoSelectFamily: false,
      onread: {
        buffer: this.#buffer,
        callback: (length, buffer) => connection?.data((buffer as Buffer).subarray(0, length)) ?? true,
      },
    })
    let settled = false
    const failed = (): void => {
      if (settled) return
      settled = true
      clearTimeout(timer)
      socket.destroy()
      exchange.upstreamFailed('unreachable')
    }
    const timer = setTimeout(failed, this.#limits.connectMs)
    socket.once('error', failed)
    socket.once('close', failed)
    socket.once('connect', () => {
      clearTimeout(timer)
      if (settled) return
      settled = true
      socket.off('error', failed)
      socket.off('close', failed)
      connection = new ReplicaConnection(socket, this)
      connection.assign(exchange)
    })
    return socket
  }

  free(connection: ReplicaConnection, keepAliveSeconds: number): void {
    const announced = keepAliveSeconds < 0 ? this.#limits.replicaIdleMs : keepAliveSeconds * 1_000 - 1_000
    const idleMs = Math.min(this.#limits.replicaIdleMs, announced)
    if (this.#retired || idleMs <= 0) {
      connection.close()
      return
    }
    connection.freshUntil = this.#now() + idleMs
    this.#idle.push(connection)
    this.#sweep ??= setTimeout(() => this.#closeStale(), this.#limits.replicaIdleMs).unref()
  }

  /** Closes what has been idle too long; the list is ordered by age. */
  #closeStale(): void {
    this.#sweep = undefined
    const now = this.#now()
    for (const connection of [...this.#idle]) if (connection.freshUntil <= now) connection.close()
    if (this.#idle.length > 0) {
      this.#sweep = setTimeout(() => this.#closeStale(), Math.max(100, this.#limits.replicaIdleMs / 4)).unref()
    }
  }

  gone(connection: ReplicaConnection): void {
    const at = this.#idle.indexOf(connection)
    if (at !== -1) this.#idle.splice(at, 1)
  }

  retire(): void {
    this.#retired = true
    for (const connection of [...this.#idle]) connection.close()
  }

  revive(): void {
    this.#retired = false
  }
}

/** A request whose connection is being made. */
class Opening implements Upstream {
  readonly #socket: Socket

  constructor(exchange: Exchange, socket: Socket) {
    this.#socket = socket
    void exchange
  }

  sendHead(): void {}
  write(): boolean {
    return true
  }
  end(): void {}
  flush(): void {}
  pause(): void {}
  resume(): void {}
  abort(): void {
    this.#socket.removeAllListeners('connect')
    this.#socket.destroy()
  }
}
