import { readCharge, type WorkerCharge } from './entry.ts'
import { Worker } from './worker.ts'

process.title = 'seaworthy-gateway-worker'
new Worker(readCharge<WorkerCharge>()).start()
