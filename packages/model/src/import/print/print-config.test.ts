import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../canonical-json.ts'
import { problemsOf } from '../../document.ts'
import type { Draft, DraftPart, DraftRef } from '../draft.ts'
import { fleetOfDraft } from '../fleet-of-draft.ts'
import { evaluateConfig } from '../testing/evaluate-config.ts'
import { printValue } from './literal.ts'
import { printConfig } from './print-config.ts'

const at = { file: 'compose.yaml', line: 1 }

function part(kind: DraftPart['kind'], name: string, spec: Readonly<Record<string, unknown>> = {}): DraftPart {
  return { kind, name, spec, remarks: {}, at }
}

function draft(parts: readonly DraftPart[], environments: Draft['environments'] = {}): Draft {
  return { name: 'shop', parts, environments, notes: [], sources: ['compose.yaml'] }
}

const ref = ({ kind, name }: DraftPart): DraftRef => ({ kind, name })

describe('a printed config', () => {
  it('names parts before their use, and writes a secret where its only user is', () => {
    const db = part('postgres', 'db', { version: 16 })
    const key = part('secret', 'api-key')
    const api = part('service', 'api', { needs: [ref(db)], port: 3000, run: 'node api.ts', env: { API_KEY: ref(key) } })
    expect(printConfig(draft([api, key, db]))).toBe(`import { fleet, postgres, secret, service } from 'seaworthy'

const db = postgres('db', { version: 16 })

const api = service('api', {
  run: 'node api.ts',
  port: 3000,
  needs: [db],
  env: { API_KEY: secret('api-key') },
})

export default fleet('shop', { services: [api] })
`)
  })

  it('writes once what three services say alike', () => {
    const env = { NODE_ENV: 'production', LOG_LEVEL: 'info' }
    const services = ['a', 'b', 'c'].map((name) =>
      part('service', name, { run: name, port: 80, env: { ...env, NAME: name } }),
    )
    const text = printConfig(draft(services))
    expect(text.match(/production/g)).toHaveLength(1)
    expect(text).toContain("const sharedEnv = { NODE_ENV: 'production', LOG_LEVEL: 'info' }")
    expect(text).toContain("env: { ...sharedEnv, NAME: 'b' }")
    expect(printConfig(draft(services.slice(0, 2)))).not.toContain('sharedEnv')
  })

  it('never calls a constant by a name that is taken: a keyword, a function of the catalog, another part', () => {
    const names = ['redis', 'service', 'default', 'delete', 'fleet', '2fa', 'shared-env', 'class']
    const services = names.map((name) => part('service', name, { run: 'x' }))
    const text = printConfig(draft([...services, part('redis', 'cache'), part('secret', 'cache')]))
    const constants = [...text.matchAll(/^const (\S+) =/gm)].map((match) => match[1])
    expect(new Set(constants).size).toBe(constants.length)
    expect(canonicalJson(evaluateConfig(text))).toBe(
      canonicalJson(fleetOfDraft(draft([...services, part('redis', 'cache'), part('secret', 'cache')]))),
    )
  })

  it('puts remarks above what they speak of, and keeps them within the line', () => {
    const remarks = { '': ['Look at this. '.repeat(20).trim()], port: ['Guessed.'] }
    const text = printConfig(draft([{ ...part('service', 'a', { run: 'x', port: 80 }), remarks }]))
    expect(text).toMatch(/\n {2}\/\/ Guessed\.\n {2}port: 80,\n/)
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(120)
  })
})

describe('values', () => {
  it('come back from their text as they were, whatever is in them', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.integer({ min: 0, max: 60 }), (value, indent) => {
        const evaluated: unknown = new Function(`return (${printValue(value, indent)})`)()
        expect(JSON.stringify(evaluated)).toBe(JSON.stringify(value))
      }),
      { examples: [[JSON.parse('{"__proto__":{"a b":1}}'), 0]] },
    )
  })

  it('texts too: quotes, line ends, control characters and signs from outside the first plane', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(new Function(`return ${printValue(text)}`)()).toBe(text)
      }),
      { examples: [["it's"], ['say "no"'], [`both ' and "`], ['a\u2028b\u2029c'], ['\\'], ['$' + '{x}'], ['\0']] },
    )
  })
})

const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/)
const variable = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,8}$/)
const envValue = fc.oneof(fc.string(), fc.integer(), fc.boolean())

/** Drafts of some parts with names of their own, needs that lead backwards, and any text in their variables. */
const drafts: fc.Arbitrary<Draft> = fc
  .record({
    names: fc.uniqueArray(name, { minLength: 1, maxLength: 9 }),
    kinds: fc.array(fc.constantFrom('service', 'job', 'postgres', 'redis', 'volume', 'secret', 'machine'), {
      minLength: 9,
      maxLength: 9,
    }),
    envs: fc.array(fc.dictionary(variable, envValue, { maxKeys: 5 }), { minLength: 9, maxLength: 9 }),
    links: fc.array(fc.array(fc.nat(8), { maxLength: 4 }), { minLength: 9, maxLength: 9 }),
    alike: fc.boolean(),
  })
  .map(({ names, kinds, envs, links, alike }) => {
    const parts: DraftPart[] = []
    for (const [index, name] of names.entries()) {
      const kind = (kinds[index] ?? 'service') as DraftPart['kind']
      const known = [...new Set(links[index] ?? [])].flatMap((link) => (link < index ? (parts[link] ?? []) : []))
      const of = (...wanted: string[]): DraftRef[] => known.filter((one) => wanted.includes(one.kind)).map(ref)
      const secrets = Object.fromEntries(of('secret').map((secret, at) => [`SECRET_${at}`, secret]))
      const needs = of('service', 'postgres', 'redis', 'job', 'volume').map((on, at) =>
        at % 2 === 0 ? on : { on, as: `N${at}` },
      )
      const program = { run: ['node', 'a b.js'], needs, env: { ...(envs[alike ? 0 : index] ?? {}), ...secrets } }
      if (kind === 'service') parts.push(part(kind, name, { ...program, port: 3000 + index, place: of('machine') }))
      else if (kind === 'job') parts.push(part(kind, name, program))
      else parts.push(part(kind, name, kind === 'volume' ? { storage: '1Gi' } : {}))
    }
    return draft(parts, { development: { gatewayPort: 9000 } })
  })

describe('any draft', () => {
  it('printed and loaded is the same fleet', () => {
    fc.assert(
      fc.property(drafts, (given) => {
        const meant = fleetOfDraft(given)
        const loaded = evaluateConfig(printConfig(given))
        expect(problemsOf(loaded)).toEqual(problemsOf(meant))
        expect(canonicalJson(loaded)).toBe(canonicalJson(meant))
      }),
      { numRuns: 300 },
    )
  })

  it('is printed the same way twice', () => {
    fc.assert(
      fc.property(drafts, (given) => {
        expect(printConfig(given)).toBe(printConfig(given))
      }),
      { numRuns: 20 },
    )
  })
})
