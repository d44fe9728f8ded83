import { fieldOf } from '../message/fields.ts'
import type { Hop } from '../message/forward-head.ts'
import type { RequestHead } from '../message/request-head.ts'
import type { RequestIds } from '../message/request-id.ts'
import type { ServiceState } from '../pool/service.ts'
import { clientIdOf, cookieOf } from './client-key.ts'
import { drawSide, sideOfClient } from './coin.ts'
import { hashClient } from './half-sip-hash.ts'

/** Which version a request was dealt. */
export interface Assignment {
  /** Empty when the service has none. */
  readonly version: string
  /** False for a tester's override, which no verdict may count. */
  readonly counted: boolean
  /** 32-bit hash of who sent it, for counting episodes. */
  readonly client: number
  /** A `Set-Cookie` line for a client that is to stay on its version and has no cookie yet. */
  readonly setCookie: string
}

/** The assignment of a request whose service has no version. */
export const unassigned: Assignment = Object.freeze({ version: '', counted: false, client: 0, setCookie: '' })

/** What dealing needs besides the request. */
export interface Dealer {
  random(): number
  readonly ids: RequestIds
}

/** Deals a version: a tester's wish first, then the sticky client's side, else a random draw. */
export function assign(
  service: ServiceState,
  head: RequestHead,
  hop: Hop,
  clientAddress: string,
  dealer: Dealer,
): Assignment {
  const { sticky, override } = service.pool
  const wish = override && wishedVersion(override, head)
  if (wish !== undefined) {
    const version = service.versions.find((candidate) => candidate.version === wish)?.version
    if (version !== undefined) return { version, counted: false, client: 0, setCookie: '' }
  }
  if (sticky.kind === 'none') {
    const client = clientAddress === hop.client ? hop.clientHash : hashClient(clientAddress)
    const side = drawSide(service.versions, dealer.random)
    return { version: service.versions[side]?.version ?? '', counted: true, client, setCookie: '' }
  }
  const shown = clientIdOf(sticky, head, clientAddress)
  const id = shown ?? (sticky.kind === 'cookie' ? dealer.ids.next().slice(0, 32) : clientAddress)
  const secure = hop.proto === 'https' ? '; Secure' : ''
  const setCookie =
    shown === undefined && sticky.kind === 'cookie'
      ? `Set-Cookie: ${sticky.name}=${id}; Path=/; HttpOnly; SameSite=Lax${secure}\r\n`
      : ''
  const version = service.versions[sideOfClient(service.versions, id)]?.version ?? ''
  return { version, counted: true, client: hashClient(id), setCookie }
}

function wishedVersion(
  by: { readonly header?: string; readonly cookie?: string },
  head: RequestHead,
): string | undefined {
  const header = by.header === undefined ? undefined : fieldOf(head.block, by.header.toLowerCase())
  return header ?? (by.cookie === undefined ? undefined : cookieOf(head.block, by.cookie))
}
