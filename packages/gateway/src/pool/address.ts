import { Problem } from '@seaworthy/model'
import type { Address } from '../snapshot.ts'

/** Where to connect, in the form that `net.connect` takes. */
export type ConnectTarget =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }

/** Reads `host:port`, `[v6]:port` or `unix:/path`; throws a Problem SW2008 otherwise. */
export function parseAddress(address: Address): ConnectTarget {
  if (address.startsWith('unix:/')) return { kind: 'unix', path: address.slice(5) }
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+)):([0-9]{1,5})$/.exec(address)
  const host = match?.[1] ?? match?.[2]
  const port = Number(match?.[3])
  if (host === undefined || port < 1 || port > 65_535) {
    throw new Problem({
      code: 'SW2008',
      message: `expected an address such as 127.0.0.1:8080 or unix:/run/api.sock, found ${JSON.stringify(address)}`,
    })
  }
  return { kind: 'tcp', host, port }
}
