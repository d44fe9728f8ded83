/** A reason for which another proxy refuses a request that means one thing all the same; docs/gateway.md justifies each. */
export interface RefusalReason {
  readonly reason: string
  readonly applies: (text: string) => boolean
}

/** The reasons, by proxy; the first that applies is named. */
export const refusalReasons: Readonly<Record<'nginx' | 'haproxy', readonly RefusalReason[]>> = {
  nginx: [{ reason: 'OPTIONS *', applies: (text) => /^(?:\r\n)*OPTIONS \* /.test(text) }],
  haproxy: [],
}

/** Names the reason for which a proxy refuses a request that we accept; `unexplained` when there is none. */
export function reasonFor(proxy: 'nginx' | 'haproxy', text: string): string {
  return refusalReasons[proxy].find(({ applies }) => applies(text))?.reason ?? 'unexplained'
}
