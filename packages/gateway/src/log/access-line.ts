import type { Exchange } from '../exchange/exchange.ts'

/** One request as a JSON line (ended by a newline): what, where to, how it ended. Query strings are left out: they carry secrets. */
export function accessLine(exchange: Exchange, time: string): string {
  const { head, route, endpoint } = exchange
  const peer = exchange.client
  let line =
    `{"time":"${time}","id":"${exchange.identity.requestId}","trace":"${exchange.identity.traceparent.slice(3, 35)}","client":${quote(peer)}` +
    `,"method":"${head.method}","host":${quote(head.authority)},"path":${quote(head.path)},"protocol":"${head.protocol}"` +
    `,"status":${exchange.status},"outcome":"${exchange.outcome}","ms":${Math.round(exchange.elapsed * 1000) / 1000}` +
    `,"in":${exchange.body.bytes},"out":${exchange.bytesOut}`
  if (route !== undefined) line += `${route.logged},"version":${quote(exchange.dealt.version)}`
  if (endpoint !== undefined) line += endpoint.logged
  if (exchange.attempts.count > 1) line += `,"attempts":${exchange.attempts.count}`
  if (exchange.refusal !== undefined) line += `,"refusal":"${exchange.refusal}"`
  return `${line}}\n`
}

/** A JSON string; text that needs no escaping is only put in quotes. */
function quote(text: string): string {
  return /^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/.test(text) ? `"${text}"` : JSON.stringify(text)
}
