import { STATUS_CODES } from 'node:http'
import type { ResponseHead } from '../message/response-head.ts'

/** The head of an HTTP/1.1 answer as text; `added` and `framing` are field lines. */
export function responseText(head: ResponseHead, added: string, framing: string): string {
  const reason = head.reason === '' ? (STATUS_CODES[head.status] ?? '') : head.reason
  return `HTTP/1.1 ${head.status} ${reason}\r\n${head.block}${added}${framing}\r\n`
}
