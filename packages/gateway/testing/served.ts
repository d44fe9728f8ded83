import { createGateway, type Gateway, type GatewayOptions } from '../src/core/gateway.ts'
import type { GatewaySnapshot } from '../src/snapshot.ts'

/** A gateway in this process that serves a snapshot, with the lines it has logged. */
export interface Served extends AsyncDisposable {
  readonly gateway: Gateway
  readonly port: number
  readonly lines: readonly Readonly<Record<string, unknown>>[]
}

/** Serves a snapshot until disposed of. */
export async function serve(snapshot: GatewaySnapshot, options: GatewayOptions = {}): Promise<Served> {
  const lines: Record<string, unknown>[] = []
  const log = { write: (line: string) => void lines.push(JSON.parse(line)), close: () => Promise.resolve() }
  const gateway = createGateway({ log, ...options })
  await gateway.apply(snapshot)
  return {
    gateway,
    port: gateway.listeners()[0]?.port ?? 0,
    lines,
    [Symbol.asyncDispose]: () => gateway.stop(),
  }
}

/** Resolves when a condition holds, looking every few ms; rejects with `what` after a deadline that only a broken program misses. */
export async function eventually(condition: () => boolean, what = 'the condition', withinMs = 20_000): Promise<void> {
  const end = performance.now() + withinMs
  while (!condition()) {
    if (performance.now() > end) throw new Error(`${what} did not come to hold within ${withinMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
