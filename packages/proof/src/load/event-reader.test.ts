import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventReader } from './event-reader.ts'

function read(text: string, cuts: readonly number[] = []): string[] {
  const events: string[] = []
  const reader = new EventReader((id, data, type) => events.push(`${id}|${data}|${type}`))
  const edges = [...new Set([0, ...cuts.map((cut) => cut % text.length), text.length])].sort((a, b) => a - b)
  for (const [index, from] of edges.slice(0, -1).entries()) reader.read(text.slice(from, edges[index + 1]))
  return events
}

const stream =
  ': comment\nid: 1\ndata: a\ndata: b\n\nevent: tick\ndata:c\n\nid\ndata\n\nretry: 5\nid: 4\r\ndata: d: e\r\n\r\ndata: half'

describe('event reader', () => {
  it('reads whole events with the id in force, as the standard says', () => {
    expect(read(stream)).toEqual(['1|a\nb|message', '1|c|tick', '||message', '4|d: e|message'])
  })

  it('reads the same whatever pieces it comes in', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(200), { maxLength: 20 }), (cuts) => {
        expect(read(stream, cuts)).toEqual(read(stream))
      }),
      { numRuns: 500 },
    )
  })
})
