import { Problem } from '@seaworthy/model'
import type { HttpTarget } from './http-target.ts'
import type { StreamedBody } from './streamed-body.ts'

/** A request as a caller writes it. */
export interface RequestSpec {
  /** GET when absent. */
  readonly method?: string
  /** Path and query; / when absent. */
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | StreamedBody
  /** Whether the outcome carries the answer's head and body as text. */
  readonly keep?: boolean
  /** Is given each piece of the answer's body as it comes; the buffer is reused afterwards. */
  readonly onBody?: (piece: Buffer) => void
}

/** A request as it goes over the wire. Prepare it once where it is always the same. */
export interface PreparedRequest {
  /** The head, and the body where it is ASCII text. */
  readonly text: string
  readonly bytes: Uint8Array | undefined
  readonly stream: StreamedBody | undefined
  readonly isHead: boolean
  readonly keep: boolean
  readonly onBody: ((piece: Buffer) => void) | undefined
}

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const pathForm = /^[\x21-\x7e]+$/
const valueForm = /^[\t\x20-\x7e\x80-\xff]*$/

/** Writes the head. `close` announces that the connection ends with this request. Throws a `Problem` (SW8004) for what HTTP/1.1 forbids. */
export function prepareRequest(target: HttpTarget, spec: RequestSpec, close = false): PreparedRequest {
  const method = spec.method ?? 'GET'
  const path = target.base + (spec.path ?? '/')
  must(token.test(method), 'method', method)
  must(pathForm.test(path), 'path', path)
  let head = `${method} ${path} HTTP/1.1\r\nhost: ${target.authority}\r\n`
  for (const [name, value] of Object.entries(spec.headers ?? {})) {
    must(token.test(name) && valueForm.test(value), 'header', `${name}: ${value}`)
    head += `${name}: ${value}\r\n`
  }
  if (close) head += 'connection: close\r\n'
  const { body } = spec
  const common = { isHead: method === 'HEAD', keep: spec.keep ?? false, onBody: spec.onBody }
  if (body === undefined) {
    const empty = method === 'GET' || method === 'HEAD' ? '' : 'content-length: 0\r\n'
    return { text: `${head}${empty}\r\n`, bytes: undefined, stream: undefined, ...common }
  }
  if (typeof body === 'string') {
    const length = Buffer.byteLength(body)
    const ascii = length === body.length
    const text = `${head}content-length: ${length}\r\n\r\n${ascii ? body : ''}`
    return { text, bytes: ascii ? undefined : Buffer.from(body), stream: undefined, ...common }
  }
  if (body instanceof Uint8Array) {
    return { text: `${head}content-length: ${body.length}\r\n\r\n`, bytes: body, stream: undefined, ...common }
  }
  const framing = body.chunked ? 'transfer-encoding: chunked' : `content-length: ${body.bytes}`
  return { text: `${head}${framing}\r\n\r\n`, bytes: undefined, stream: body, ...common }
}

function must(right: boolean, what: string, found: string): void {
  if (right) return
  throw new Problem({
    code: 'SW8004',
    message: `HTTP/1.1 does not allow this ${what}: ${JSON.stringify(found)}.`,
    hint: 'Percent-encode paths; keep line breaks and control characters out of headers.',
  })
}
