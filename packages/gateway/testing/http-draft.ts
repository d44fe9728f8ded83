import * as words from './http-words.ts'
import { below, oneOf } from './random.ts'

/** A source of numbers in [0, 1). */
export type Random = () => number

/** A request in parts, so that mutations can take hold of each. */
export interface Draft {
  method: string
  target: string
  version: string
  fields: string[]
  body: string
  separators: { afterMethod: string; afterTarget: string; line: string; end: string }
}

/** A sound request of random make. */
export function soundDraft(random: Random): Draft {
  const method = oneOf(random, words.methods)
  let target = oneOf(random, words.targets)
  if (target === '*' && method !== 'OPTIONS') target = '/'
  const fields = ['Host: shop.example']
  for (let i = below(random, 5); i > 0; i--) fields.push(oneOf(random, words.fields))
  const separators = { afterMethod: ' ', afterTarget: ' ', line: '\r\n', end: '\r\n' }
  const draft: Draft = { method, target, version: 'HTTP/1.1', fields, body: '', separators }
  const data = 'abcdefghij'.slice(0, below(random, 11))
  const framing = below(random, 4)
  if (framing === 0) {
    fields.push(`Content-Length: ${data.length}`)
    draft.body = data
  } else if (framing === 1) {
    fields.push('Transfer-Encoding: chunked')
    draft.body = chunks(data, random)
  }
  return draft
}

/** Data in chunks, now and then with a strange size, end or trailer. */
function chunks(data: string, random: Random): string {
  let text = ''
  let at = 0
  while (at < data.length) {
    const part = data.slice(at, at + 1 + below(random, data.length))
    const strange = random() < 0.05
    text += `${strange ? oneOf(random, words.sizes(part.length)) : part.length.toString(16)}\r\n${part}\r\n`
    at += part.length
  }
  const last = random() < 0.1 ? oneOf(random, words.lastChunks) : '0'
  return `${text}${last}\r\n${random() < 0.2 ? oneOf(random, words.trailers) : ''}\r\n`
}

/** The bytes of a draft. */
export function render({ method, target, version, fields, body, separators }: Draft): string {
  const { afterMethod, afterTarget, line, end } = separators
  const head = `${method}${afterMethod}${target}${afterTarget}${version}${line}`
  return `${head}${fields.map((field) => field + line).join('')}${end}${body}`
}
