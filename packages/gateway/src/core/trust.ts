import { BlockList, isIPv6 } from 'node:net'

/** Decides whether an address is a trusted proxy's; `cidrs` are addresses or CIDR blocks of either family. */
export function trustOf(cidrs: readonly string[]): (address: string) => boolean {
  if (cidrs.length === 0) return () => false
  const list = new BlockList()
  for (const cidr of cidrs) {
    const [network = '', bits] = cidr.split('/')
    const family = isIPv6(network) ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(network, family)
    else list.addSubnet(network, Number(bits), family)
  }
  return (address) => list.check(plainAddress(address), isIPv6(plainAddress(address)) ? 'ipv6' : 'ipv4')
}

/** An address without the `::ffff:` that IPv4 clients get on a dual-stack socket. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}
