import { runController } from './run-controller.ts'

await runController()
