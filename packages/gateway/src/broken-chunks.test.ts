import { describe, expect, test } from 'vitest'
import { brokenChunks } from '../testing/ambiguous-requests.ts'
import { httpOrigin } from '../testing/origins.ts'
import { rawClient } from '../testing/raw-client.ts'
import { eventually, serve } from '../testing/served.ts'
import { snapshot } from '../testing/snapshots.ts'

describe('a chunked body that is malformed', () => {
  test.each(brokenChunks)('$name: refused, and the replica never sees a complete request', async ({ body }) => {
    const ends: string[] = []
    await using origin = await httpOrigin((request, response) => {
      request.resume()
      request.on('end', () => ends.push('complete'))
      request.on('end', () => response.end())
      request.on('error', () => ends.push('cut'))
    })
    await using served = await serve(snapshot([origin.address]))
    using client = await rawClient(served.port)
    const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n'
    client.send(`POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${body}${smuggled}`)
    expect((await client.answer()).status).toBe(400)
    await client.closed()
    expect(client.received).toBe('')
    await eventually(() => served.lines.length === 1, 'the request is logged')
    expect(served.lines[0]).toMatchObject({ outcome: 'client-error', refusal: 'bad-chunk' })
    await eventually(() => origin.sockets.size === 0, 'the replica connection is cut')
    expect(ends).not.toContain('complete')
  })
})
