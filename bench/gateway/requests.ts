import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A kind of request that the load consists of. */
export interface RequestKind {
  readonly name: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

const browserHeaders: Readonly<Record<string, string>> = {
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
  Accept: 'application/json',
  'Accept-Language': 'en-GB,en;q=0.9,ro;q=0.8',
  'Accept-Encoding': 'gzip, deflate, br',
  Authorization: `Bearer ${'eyJhbGciOiJIUzI1NiJ9.'.padEnd(160, 'a1B2c3D4')}`,
  Cookie: 'session=5f2b7a9c41d84e0f; theme=dark',
  Referer: 'https://app.example.com/dashboard',
}

/** A GET whose head is about 560 bytes, as a browser's call to an API is. */
export const realisticGet: RequestKind = {
  name: 'GET 560 B',
  method: 'GET',
  path: '/api/v1/orders/4711?expand=lines&page=2',
  headers: browserHeaders,
}

/** A POST of one kilobyte of JSON. */
export const postJson: RequestKind = {
  name: 'POST 1 KB JSON',
  method: 'POST',
  path: '/api/v1/orders',
  headers: { ...browserHeaders, 'Content-Type': 'application/json' },
  body: JSON.stringify({
    customer: 4711,
    lines: Array.from({ length: 12 }, (_, i) => ({
      sku: `sku-${i}`,
      name: `An ordinary thing, number ${i}`,
      quantity: i,
    })),
  }).padEnd(1024, ' '),
}

/** Writes the request as a script for wrk; returns its path. */
export function wrkScript(kind: RequestKind): string {
  const lines = [`wrk.method = ${JSON.stringify(kind.method)}`]
  for (const [name, value] of Object.entries(kind.headers)) {
    lines.push(`wrk.headers[${JSON.stringify(name)}] = ${JSON.stringify(value)}`)
  }
  if (kind.body !== undefined) lines.push(`wrk.body = [[${kind.body}]]`)
  const path = join(mkdtempSync(join(tmpdir(), 'seaworthy-wrk-')), 'request.lua')
  writeFileSync(path, lines.join('\n'))
  return path
}
