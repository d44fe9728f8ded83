import { runController } from '@seaworthy/engine'
import { controllerExtensions } from './controller-extensions.ts'

await runController(controllerExtensions)
