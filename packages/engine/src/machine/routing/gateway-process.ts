import { connectGateway, type GatewayControl, type GatewaySnapshot, startGateway } from '@seaworthy/gateway'
import type { GatewayLink } from './publisher.ts'

/** How the gateway's processes are run. */
export interface GatewayProcessOptions {
  readonly stateDir: string
  readonly engine?: 'own' | 'node-http'
  readonly workers?: number
}

/** The gateway in processes of its own, which outlive this one. */
export function gatewayProcess(options: GatewayProcessOptions): GatewayLink {
  let control: GatewayControl | undefined
  const connected = async (): Promise<GatewayControl> => {
    control ??= await connectGateway(options.stateDir)
    return control
  }
  return {
    open: async (snapshot: GatewaySnapshot) => {
      control = await startGateway({ ...options, snapshot })
      return (await control.status()).snapshotVersion
    },
    apply: async (snapshot) => (await connected()).apply(snapshot),
    status: async () => (await connected()).status(),
    counters: async () => (await connected()).counters(),
    stop: async (graceMs) => {
      const running = await connectGateway(options.stateDir).catch(() => undefined)
      control = undefined
      await running?.drain(graceMs)
    },
  }
}
