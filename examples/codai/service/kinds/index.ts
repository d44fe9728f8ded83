import type { Kind } from '../kind.ts'
import { events } from './events.ts'
import { identity } from './identity.ts'
import { ledger } from './ledger.ts'
import { records } from './records.ts'
import { search } from './search.ts'

/** The kinds of service that the 29 are made of, by the value of `KIND`. */
export const kinds: Readonly<Record<string, Kind>> = { events, identity, ledger, records, search }
