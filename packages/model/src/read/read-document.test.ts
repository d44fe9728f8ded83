import { describe, expect, test } from 'vitest'
import { problemsOf } from '../document.ts'
import { readDocument } from './read-document.ts'

const problems = (value: unknown): string[] =>
  problemsOf(readDocument(value)).map(({ code, message, where, hint }) =>
    [code, where?.path, message, hint].filter((part) => part !== undefined).join(' | '),
  )

const shop = (parts: object): object => ({ name: 'shop', ...parts })

describe('an untrusted document is read whole, and every fault is reported', () => {
  test('two faults as two', () => {
    expect(problems(shop({ services: { api: { prot: 1, memory: '1 GB' } } }))).toEqual([
      'SW1001 | services.api.prot | Service has no field `prot` | write port: Port inside the replica; on one machine each replica finds its own in `PORT`.',
      'SW1004 | services.api.memory | expected a size such as 512Ki, 256Mi, 2Gi (powers of 1024) or 500MB, 1GB (powers of 1000), found the text "1 GB" | write 1GB',
    ])
  })

  test('a name that stands for nothing, with the nearest that does', () => {
    expect(problems(shop({ postgres: { memorai: {} }, services: { api: { needs: ['memorei'] } } }))).toEqual([
      'SW1008 | services.api.needs[0] | there is no service, postgres, redis, volume, external or job called `memorei` | write memorai',
    ])
  })

  test('a name of the wrong kind', () => {
    expect(problems(shop({ secrets: { jwt: {} }, services: { api: { needs: ['jwt'] } } }))).toEqual([
      'SW1009 | services.api.needs[0] | expected a service, postgres, redis, volume, external or job, found the secret `jwt`',
    ])
  })

  test('what other systems call a field', () => {
    const hints = problemsOf(
      readDocument(shop({ services: { api: { depends_on: [], environment: {}, healthcheck: {} } } })),
    )
    expect(hints.map(({ hint }) => hint?.split(':')[0])).toEqual(['write needs', 'write env', 'write health'])
  })

  test('a missing value', () => {
    expect(problems(shop({ volumes: { files: {} } }))).toEqual([
      'SW1002 | volumes.files | `storage` is missing: a size such as 512Ki, 256Mi, 2Gi (powers of 1024) or 500MB, 1GB (powers of 1000), or an object | add storage: Room.',
    ])
  })

  test('an overlay that is not whole together with its base, and one that is', () => {
    const limit = (base: object): string[] =>
      problems(shop({ services: { api: { ...base, on: { development: { protect: { rateLimit: { burst: 9 } } } } } } }))
    expect(limit({})[0]).toMatch(/^SW1002 \| services\.api\.on\.development\.protect\.rateLimit \| `limit` is missing/)
    expect(limit({ protect: { rateLimit: '60/min' } })).toEqual([])
  })

  test('null means the default in an overlay and nothing elsewhere', () => {
    expect(problems(shop({ services: { api: { on: { development: { memory: null } } } } }))).toEqual([])
    expect(problems(shop({ services: { api: { memory: null } } }))[0]).toMatch(/^SW1003 .* leave the key out/)
  })

  test('percentages above 100 % where a share is meant, but not where growth is', () => {
    expect(problems(shop({ services: { api: { slo: '120%' } } }))).toEqual([
      'SW1005 | services.api.slo | expected at most 100%, found the text "120%" | write 100% or less',
    ])
    expect(problems(shop({ services: { api: { scale: { min: 1, max: 2, up: { percent: '200%' } } } } }))).toEqual([])
  })

  test('what is no object at all', () => {
    for (const value of [null, undefined, 5, 'fleet', [], () => {}, Promise.resolve()]) {
      expect(problems(value)).toHaveLength(1)
    }
  })

  test('a prototype cannot be smuggled in', () => {
    const smuggled: unknown = JSON.parse('{"name":"shop","services":{"api":{"metrics":{"__proto__":{"port":1}}}}}')
    expect(problems(smuggled)).toHaveLength(1)
    expect(problems(JSON.parse('{"name":"shop","__proto__":{"services":{}}}'))).toHaveLength(1)
  })
})

test('a document read again is the same document', () => {
  const once = readDocument(
    shop({
      postgres: { db: {} },
      secrets: { jwt: {} },
      services: { api: { needs: ['db'], env: { KEY: { secret: 'jwt' } }, routes: ['/v1'], stop: '5s' } },
    }),
  )
  expect(problemsOf(once)).toEqual([])
  expect(readDocument(once)).toEqual(once)
})
