import { type HolderCharge, readCharge } from './entry.ts'
import { Holder } from './holder.ts'

process.title = 'seaworthy-gateway'
await new Holder(readCharge<HolderCharge>()).start()
