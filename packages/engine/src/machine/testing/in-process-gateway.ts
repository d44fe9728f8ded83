import { createGateway, type Gateway } from '@seaworthy/gateway'
import type { GatewayLink } from '../routing/publisher.ts'

/** A gateway in the test's own process: as real as the one in processes of its own, and there at once. It outlives engines. */
export class InProcessGateway implements GatewayLink, AsyncDisposable {
  #gateway: Gateway | undefined
  #version = 0

  async open(snapshot: Parameters<GatewayLink['open']>[0]): Promise<number> {
    if (this.#gateway) return this.#version
    this.#gateway = createGateway({ engine: 'node-http' })
    await this.apply(snapshot)
    return snapshot.version
  }

  async apply(snapshot: Parameters<GatewayLink['apply']>[0]): Promise<void> {
    if (!this.#gateway) throw new Error('the gateway is not there')
    await this.#gateway.apply(snapshot)
    this.#version = snapshot.version
  }

  async status(): ReturnType<GatewayLink['status']> {
    if (!this.#gateway) throw new Error('the gateway is not there')
    return {
      ready: true,
      snapshotVersion: this.#version,
      listeners: this.#gateway.listeners(),
      endpoints: this.#gateway.loads(),
    }
  }

  async counters(): ReturnType<GatewayLink['counters']> {
    return this.#gateway ? [this.#gateway.counters()] : []
  }

  async stop(graceMs: number): Promise<void> {
    const gateway = this.#gateway
    this.#gateway = undefined
    await gateway?.drain(graceMs)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#gateway?.stop()
  }
}
