import { connectGateway, type GatewayControl, type GatewaySnapshot, startGateway } from '@seaworthy/gateway'
import { isAlive, signalProcess } from '../process/process-group.ts'
import type { ProcessEntry, ProcessTable } from '../process/process-table.ts'
import type { GatewayLink } from './publisher.ts'

/** How the gateway's processes are run. */
export interface GatewayProcessOptions {
  readonly stateDir: string
  readonly engine?: 'own' | 'node-http'
  readonly workers?: number
  readonly table: ProcessTable
}

/** ms beyond the drain that its processes have to end before they are killed. */
const patience = 5000

/** The gateway in processes of its own, which outlive this one. */
export function gatewayProcess(options: GatewayProcessOptions): GatewayLink {
  let control: GatewayControl | undefined
  const { table: _, ...settings } = options
  const connected = async (): Promise<GatewayControl> => {
    control ??= await connectGateway(options.stateDir)
    return control
  }
  return {
    open: async (snapshot: GatewaySnapshot) => {
      control = await startGateway({ ...settings, snapshot })
      return (await control.status()).snapshotVersion
    },
    apply: async (snapshot) => (await connected()).apply(snapshot),
    status: async () => (await connected()).status(),
    counters: async () => (await connected()).counters(),
    stop: async (graceMs) => {
      const running = await connectGateway(options.stateDir).catch(() => undefined)
      control = undefined
      if (!running) return
      const { pid, workers } = await running.status()
      const processes = [pid, ...workers.map((worker) => worker.pid)].flatMap((each) => options.table.find(each) ?? [])
      await running.drain(graceMs)
      await ended(options.table, processes, graceMs + patience)
    },
  }
}

async function ended(table: ProcessTable, processes: readonly ProcessEntry[], withinMs: number): Promise<void> {
  const end = performance.now() + withinMs
  for (;;) {
    const left = processes.filter((process) => isAlive(table, process))
    if (left.length === 0) return
    if (performance.now() > end) for (const process of left) signalProcess(table, process, 'SIGKILL')
    await new Promise((next) => setTimeout(next, 20))
  }
}
