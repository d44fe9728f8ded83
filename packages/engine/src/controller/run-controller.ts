import { setPriority } from 'node:os'
import { formatProblem, Problem } from '@seaworthy/model'
import type { ControllerExtension } from './api-route.ts'
import { startController } from './controller.ts'
import type { ControllerCharge } from './controller-process.ts'

/**
 * The body of a controller process: takes its charge from the command line, runs until the fleet is down, and leaves
 * the fleet alone when it is told to end by a signal. Used by `controller-main.ts` and by mains that add extensions.
 */
export async function runController(extensions: readonly ControllerExtension[] = []): Promise<void> {
  process.title = 'seaworthy-controller'
  raisePriority()
  const charge = JSON.parse(process.argv[2] ?? '{}') as ControllerCharge
  try {
    const controller = await startController({ ...charge, extensions, over: () => void end(0) })
    const end = async (code: number): Promise<void> => {
      await controller[Symbol.asyncDispose]()
      process.exit(code)
    }
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end(0))
    // A closed terminal is not a reason to end.
    process.on('SIGHUP', () => {})
    console.log(`controller ${process.pid} serves ${controller.socket}`)
  } catch (error) {
    console.error(error instanceof Problem ? formatProblem(error.toJSON()) : error)
    process.exit(1)
  }
}

/** Where it may, the controller, and with it the gateway, goes before the programs that it looks after. */
function raisePriority(): void {
  try {
    setPriority(-10)
  } catch {
    // Only root may; then all are alike.
  }
}
