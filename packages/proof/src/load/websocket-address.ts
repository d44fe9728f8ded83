import type { HttpTarget } from './http-target.ts'

/** The address of a WebSocket as `ws` reads it: `ws:`, `wss:`, or `ws+unix:/path.sock:/path`. */
export function webSocketAddress(target: HttpTarget, path: string): string {
  if (target.socketPath !== undefined) return `ws+unix:${target.socketPath}:${target.base}${path}`
  return `${target.tls ? 'wss' : 'ws'}://${target.authority}${target.base}${path}`
}

/** The options of its TLS, if it has any. */
export function webSocketTls(target: HttpTarget): { readonly ca?: string; readonly rejectUnauthorized?: boolean } {
  if (!target.tls) return {}
  return { ...(target.tls.ca !== undefined && { ca: target.tls.ca }), rejectUnauthorized: target.tls.verify !== false }
}
