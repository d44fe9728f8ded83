// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how Compose and Docker write variables
import { describe, expect, it } from 'vitest'
import { readDockerfile } from './read-dockerfile.ts'

const read = (text: string, target?: string) => readDockerfile(text, 'Dockerfile', target)

describe('a Dockerfile', () => {
  it('is read as its last stage runs, on all that the stage stands on', () => {
    const facts = read(
      'FROM node:22 AS base\nWORKDIR /app\nEXPOSE 3000\nUSER node\nCMD ["a"]\nFROM golang AS other\nEXPOSE 1\nFROM base\nCMD ["node", "b.js"]',
    )
    expect(facts).toMatchObject({ base: 'node:22', workdir: '/app', user: 'node', command: ['node', 'b.js'] })
    expect(facts?.ports.map(({ port }) => port)).toEqual([3000])
  })

  it('or as the stage that is asked for', () => {
    expect(read('FROM a AS dev\nCMD dev\nFROM a\nCMD prod', 'dev')?.command).toEqual(['dev'])
    expect(read('FROM a\nCMD prod', 'gone')).toBeUndefined()
  })

  it('an entry point sets the command of the base aside', () => {
    expect(read('FROM a\nCMD ["x"]\nENTRYPOINT ["y"]')).toMatchObject({ entrypoint: ['y'] })
    expect(read('FROM a\nCMD ["x"]\nENTRYPOINT ["y"]')?.command).toBeUndefined()
  })

  it.each([
    ['CMD ["node", "a b.js"]', ['node', 'a b.js']],
    ['CMD node server.js', ['node', 'server.js']],
    ['CMD node server.js | tee log', ['sh', '-c', 'node server.js | tee log']],
    ["CMD ['not', 'json']", ['sh', '-c', "['not', 'json']"]],
    ['CMD exec app --port $PORT', ['sh', '-c', 'exec app --port $PORT']],
  ])('%s', (line, command) => {
    expect(read(`FROM a\n${line}`)?.command).toEqual(command)
  })

  it('joins continued lines, leaves comments and here-documents out, and knows its escape sign', () => {
    expect(read('FROM a\nRUN x && \\\n  # comment\n  y\nRUN <<EOF\nEXPOSE 9\nEOF\nEXPOSE 1')?.ports).toEqual([
      { port: 1, protocol: 'tcp', line: 8 },
    ])
    expect(read('# escape=`\nFROM a\nEXPOSE 1 `\n  2')?.ports.map(({ port }) => port)).toEqual([1, 2])
  })

  it('puts its variables in', () => {
    const facts = read('ARG V=1\nFROM node:${V}\nARG P=80\nENV PORT=${P} "A"=b\nEXPOSE $PORT/udp ${UNSET:-81}')
    expect(facts).toMatchObject({
      base: 'node:1',
      ports: [
        { port: 80, protocol: 'udp' },
        { port: 81, protocol: 'tcp' },
      ],
    })
  })

  it('its health check becomes a probe', () => {
    expect(
      read('FROM a\nHEALTHCHECK --interval=5s --timeout=3s CMD curl -f http://localhost:80/ok || exit 1')?.health,
    ).toMatchObject({ ready: { http: '/ok', every: '5s', timeout: '3s' }, port: 80 })
    expect(read('FROM a\nHEALTHCHECK NONE')?.health).toBe('none')
  })
})
