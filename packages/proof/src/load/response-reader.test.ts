import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { headerOf, ResponseReader } from './response-reader.ts'

interface Read {
  readonly reader: ResponseReader
  readonly taken: number
}

function readIn(text: string, cuts: readonly number[] = [], head = false): Read {
  const reader = new ResponseReader()
  reader.begin({ head, keep: true, labelHeader: 'x-version' })
  const bytes = Buffer.from(text, 'latin1')
  const edges = [...new Set([0, ...cuts.map((cut) => cut % bytes.length), bytes.length])].sort((a, b) => a - b)
  // One shared buffer with rubbish behind the end, as the sockets use it.
  const shared = Buffer.alloc(bytes.length + 8, '\r\n\r\n')
  let taken = 0
  for (const [index, from] of edges.slice(0, -1).entries()) {
    const piece = bytes.subarray(from, edges[index + 1])
    shared.fill('\r\n\r\n')
    piece.copy(shared)
    const used = reader.read(shared, piece.length)
    taken += used
    if (reader.done || reader.wrong !== '') break
  }
  return { reader, taken }
}

const ok = 'HTTP/1.1 200 OK\r\nX-Version: v2\r\nContent-Length: 5\r\n\r\nhello'
const chunked =
  'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nx-version:v3\r\n\r\n3;a=b\r\nhel\r\n2\r\nlo\r\n0\r\nx-trailer: 1\r\n\r\n'
const interim = `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${ok}`

describe('response reader', () => {
  it('reads the same answer whatever pieces it comes in', () => {
    fc.assert(
      fc.property(fc.constantFrom(ok, chunked, interim), fc.array(fc.nat(400), { maxLength: 12 }), (text, cuts) => {
        const { reader, taken } = readIn(text, cuts)
        expect([reader.wrong, reader.done, reader.status, reader.body, reader.bodyBytes]).toEqual([
          '',
          true,
          200,
          'hello',
          5,
        ])
        expect(taken).toBe(text.length)
      }),
      { numRuns: 500 },
    )
  })

  it('takes no byte beyond the answer', () => {
    expect(readIn(`${ok}HTTP/1.1 500`).taken).toBe(ok.length)
    expect(readIn(`${chunked}x`).taken).toBe(chunked.length)
  })

  it('gives the label and any header of a kept head', () => {
    const { reader } = readIn(ok)
    expect(reader.label).toBe('v2')
    expect(headerOf(reader.head ?? '', 'content-LENGTH')).toBe('5')
  })

  it('knows the answers that have no body', () => {
    expect(readIn('HTTP/1.1 204 No Content\r\n\r\n').reader.done).toBe(true)
    expect(readIn('HTTP/1.1 304 Not Modified\r\ncontent-length: 7\r\n\r\n').reader.done).toBe(true)
    expect(readIn('HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n', [], true).reader.done).toBe(true)
  })

  it('keeps the connection as HTTP/1.1 does, unless told to close', () => {
    expect(readIn(ok).reader.keepAlive).toBe(true)
    expect(readIn(ok.replace('1.1', '1.0')).reader.keepAlive).toBe(false)
    expect(readIn(ok.replace('\r\nX-', '\r\nConnection: Close\r\nX-')).reader.keepAlive).toBe(false)
  })

  it('ends an answer without length at the end of the connection, and only that', () => {
    const { reader } = readIn('HTTP/1.1 200 OK\r\n\r\nhel')
    expect([reader.done, reader.end(), reader.body, reader.keepAlive]).toEqual([false, true, 'hel', false])
    expect(readIn(ok.slice(0, -1)).reader.end()).toBe(false)
    expect(readIn(chunked.slice(0, -2)).reader.end()).toBe(false)
    expect(readIn('HTTP/1.1 200').reader.end()).toBe(false)
  })

  it.each([
    ['HTTP/2 200 OK\r\n\r\n', /status line/],
    ['HTTP/1.1 20 OK\r\n\r\n', /status line/],
    ['garbage\r\n\r\n', /status line/],
    ['HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n', /content-length/],
    ['HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n', /content-length/],
    ['HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n', /both/],
    ['HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n', /transfer-encoding/],
    ['HTTP/1.1 200 OK\r\nno colon here\r\n\r\n', /header line/],
    ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n', /chunk size/],
    ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nabc\r\n', /longer than announced/],
  ])('convicts %j', (text, reason) => {
    expect(readIn(text).reader.wrong).toMatch(reason)
    expect(readIn(text, [3, 7, 20, 33]).reader.wrong).toMatch(reason)
  })
})
