import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { parseRehearsal, rehearse } from './rehearsal.ts'

function ask(listener: ReturnType<typeof rehearse>, url = '/'): string {
  const answers: string[] = []
  const response = {
    writeHead: (status: number) => ({ end: () => void answers.push(String(status)) }),
    end: (text: string) => void answers.push(text),
  }
  listener({ url } as IncomingMessage, response as unknown as ServerResponse)
  return answers[0] ?? 'nothing'
}

const handler = (_: IncomingMessage, response: ServerResponse): void => void response.end('fine')

describe('a rehearsed fault', () => {
  it('fails the share of requests that it says', () => {
    let drawn = 0
    const listener = rehearse(handler, parseRehearsal('error:0.5'), { random: () => [0.2, 0.7][drawn++ % 2] ?? 0 })
    expect([ask(listener), ask(listener)]).toEqual(['500', 'fine'])
  })

  it('ends the process every so many requests', () => {
    let exits = 0
    const listener = rehearse(handler, parseRehearsal('crash:3'), { exit: () => void exits++ })
    expect([1, 2, 3, 4, 5, 6].map(() => ask(listener))).toEqual(['fine', 'fine', 'nothing', 'fine', 'fine', 'nothing'])
    expect(exits).toBe(2)
  })

  it('breaks one route and leaves the others', () => {
    const listener = rehearse(handler, parseRehearsal('route:/v1/audit'))
    expect([ask(listener, '/v1/audit/verify'), ask(listener, '/v1/decisions')]).toEqual(['500', 'fine'])
  })

  it('stops answering after so many requests', () => {
    const listener = rehearse(handler, parseRehearsal('hang:1'))
    expect([ask(listener), ask(listener)]).toEqual(['fine', 'nothing'])
  })

  it.each(['error', 'error:2', 'slow:0.1', 'crash:0', 'route:audit', 'pony:1', ''])('refuses "%s"', (text) => {
    expect(() => parseRehearsal(text)).toThrow('is no rehearsal')
  })
})
