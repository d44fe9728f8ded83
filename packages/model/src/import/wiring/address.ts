/** A place in a text where another service is meant by its host name. */
export interface Address {
  readonly host: string
  readonly scheme?: string
  readonly port?: number
  /** Path and query; empty when there are none. */
  readonly rest: string
  /** Whether the whole text is this one address. */
  readonly whole: boolean
}

const one =
  /^(?:jdbc:)?(?:(?<scheme>[a-z][a-z0-9+.-]*):\/\/)?(?:[^@/\s]*@)?(?<host>[A-Za-z0-9_.-]+)(?::(?<port>\d{1,5}))?(?<rest>[/?].*)?$/i
const hostVariable =
  /(HOST|HOSTNAME|SERVERS?|ADDR|ADDRESS(ES)?|ENDPOINTS?|BROKERS?|URLS?|URI|NODES?|UPSTREAM|BACKEND|PEERS?|DSN|CONNECTION)(_|\d*$)|^PGHOST$/i

/** Every address in a variable whose host `isHost` knows; a bare word counts only where the name speaks of a host. */
export function addressesIn(variable: string, value: string, isHost: (name: string) => boolean): readonly Address[] {
  const words = value.split(/[,;\s]+/).filter((word) => word !== '')
  return words.flatMap((word) => {
    const groups = one.exec(word)?.groups
    const host = groups?.host
    if (!groups || !host || !isHost(host)) return []
    if (!groups.scheme && !groups.port && !hostVariable.test(variable)) return []
    return [
      {
        host,
        ...(groups.scheme && { scheme: groups.scheme.toLowerCase() }),
        ...(groups.port && { port: Number(groups.port) }),
        rest: groups.rest ?? '',
        whole: words.length === 1 && word === value.trim(),
      },
    ]
  })
}
