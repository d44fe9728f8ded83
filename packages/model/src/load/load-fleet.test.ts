import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { identityOf } from '../canonical-json.ts'
import { formatProblem, Problem } from '../problem.ts'
import { type LoadedFleet, loadFleet } from './load-fleet.ts'

const root = mkdtempSync(join(tmpdir(), 'seaworthy-load-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let folders = 0
function folderWith(files: Readonly<Record<string, string>>): string {
  folders += 1
  const folder = join(root, `fleet-${folders}`)
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  return folder
}

const load = (files: Readonly<Record<string, string>>): Promise<LoadedFleet> => {
  const folder = folderWith(files)
  return loadFleet(folder, { cwd: folder, timeout: 2000 })
}
const script = (text: string): Promise<LoadedFleet> => load({ 'seaworthy.config.mts': text })

async function refusal(promise: Promise<LoadedFleet>): Promise<string> {
  try {
    const { problems } = await promise
    return problems.map((problem) => formatProblem(problem)).join('\n')
  } catch (error) {
    if (error instanceof Problem) return formatProblem(error.toJSON())
    throw error
  }
}

describe('a catalog in TypeScript', () => {
  const text = `import { fleet, postgres, service, type ServiceSpec } from 'seaworthy'
const db = postgres('db')
const web = (name: string, more: ServiceSpec = {}) =>
  service(name, {
    port: 3000,
    needs: [db],
    ...more,
  })
const shared = {
  protect: { rateLimit: '60/min' },
} satisfies ServiceSpec
export default fleet('shop', {
  services: [web('api', { memory: '1Gi', ...shared }), web('admin')],
  monitoring: { grafana: false },
})
`
  test('finds this installation where the folder has none of its own', async () => {
    const { document, problems } = await script(text)
    expect(problems).toEqual([])
    expect(Object.keys(document.services ?? {})).toEqual(['api', 'admin'])
  })

  test('prefers the installation in the folder', async () => {
    const { document } = await load({
      'seaworthy.config.mts': `import { own } from 'seaworthy'\nexport default own\n`,
      'node_modules/seaworthy/package.json': '{"name":"seaworthy","type":"module","exports":"./index.js"}',
      'node_modules/seaworthy/index.js': `export const own = { name: 'own', services: {} }\n`,
    })
    expect(document.name).toBe('own')
  })

  test('knows the line of every value: of the part, of the helper that made it, of constants, of the fleet', async () => {
    const { locate } = await script(text)
    const line = (path: string): string => `${locate(path).line}:${locate(path).column}`
    expect(line('services.api')).toBe('4:3')
    expect(line('services.api.port')).toBe('5:5')
    expect(line('services.api.needs[0]')).toBe('6:13')
    expect(line('services.api.memory')).toBe('13:27')
    expect(line('services.api.protect.rateLimit')).toBe('10:14')
    expect(line('services.admin.port')).toBe('5:5')
    expect(line('postgres.db')).toBe('2:12')
    expect(line('monitoring.grafana')).toBe('14:17')
    expect(line('services.api.timeout')).toBe('4:3')
  })

  test('is evaluated anew when the file has changed', async () => {
    const folder = folderWith({ 'seaworthy.config.mts': `export default { name: 'one' }\n` })
    expect((await loadFleet(folder)).document.name).toBe('one')
    writeFileSync(join(folder, 'seaworthy.config.mts'), `export default { name: 'another' }\n`)
    expect((await loadFleet(folder)).document.name).toBe('another')
  })

  test('one mistake in a helper is one problem', async () => {
    const { problems } = await script(`import { fleet, service } from 'seaworthy'
const web = (name: string) => service(name, { memory: '1 GB' as never })
export default fleet('shop', { services: ['a', 'b', 'c'].map(web) })
`)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({
      message: expect.stringContaining('(also at services.b.memory and 1 more)'),
      where: { file: 'seaworthy.config.mts', line: 2, column: 47 },
      hint: 'write 1GB',
    })
  })
})

describe('a catalog in YAML or JSON', () => {
  const yaml = `# yaml-language-server: $schema=https://unpkg.com/@seaworthy/model/fleet.schema.json
name: shop
postgres:
  db: { storage: 20Gi }
services:
  base: &base
    port: 3000
    needs: [db]
  api:
    <<: *base
    memory: 1Gi
    on:
      development:
        memory: 256Mi
`
  test('is read, anchors and merge keys too, and knows its lines', async () => {
    const { document, problems, locate } = await load({ 'seaworthy.yaml': yaml })
    expect(problems).toEqual([])
    expect(document.services).toMatchObject({ api: { port: 3000, needs: ['db'], memory: '1Gi' } })
    expect(locate('services.api.on.development.memory')).toMatchObject({ file: 'seaworthy.yaml', line: 14, column: 9 })
    expect(locate('services.api.port')).toMatchObject({ line: 9 })
  })

  test('says the same as JSON and as TypeScript', async () => {
    const json = `{ "$schema": "./fleet.schema.json", "name": "shop", "services": { "api": { "port": 3000 } } }`
    const loaded = [
      await load({ 'seaworthy.yaml': 'name: shop\nservices:\n  api: { port: 3000 }\n' }),
      await load({ 'seaworthy.json': json }),
      await script(`import { fleet, service } from 'seaworthy'
export default fleet('shop', { services: [service('api', { port: 3000 })] })`),
    ]
    expect(new Set(loaded.map(({ document }) => identityOf(document))).size).toBe(1)
  })

  const faults: readonly (readonly [string, string, string, string])[] = [
    ['a line that is not YAML', 'seaworthy.yaml', 'name: shop\nservices:\n  api: {port: 1\n', 'SW1021'],
    ['a tab', 'seaworthy.yaml', 'name: shop\nservices:\n\tapi: {}\n', 'indent with spaces, not with tabs'],
    ['a key twice', 'seaworthy.yaml', 'name: a\nname: b\n', 'the key stands twice'],
    ['an alias of nothing', 'seaworthy.yaml', 'name: a\nservices:\n  api: *nowhere\n', 'define the anchor'],
    ['JSON with a hole', 'seaworthy.json', '{\n  "name": "a",\n  "services": {\n', 'seaworthy.json:4'],
    ['nothing at all', 'seaworthy.yaml', '', 'SW1003: expected an object, found null'],
    [
      'a value of the wrong unit',
      'seaworthy.yaml',
      'name: a\nservices:\n  api:\n    timeout: 5 min\n',
      'seaworthy.yaml:4:5',
    ],
    ['a bomb of aliases', 'seaworthy.yaml', bomb(), 'SW1021'],
  ]
  for (const [what, file, text, said] of faults) {
    test(`with ${what} is refused with its place`, async () => {
      expect(await refusal(load({ [file]: text }))).toContain(said)
    })
  }
})

function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(', ')}]`)
  return `name: a\na0: &a0 [x]\n${levels.join('\n')}\n`
}

describe('a catalog that cannot be evaluated is a problem at its line', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['an enum', `const a = 1\nenum Tier { Core }\n`, ['SW1023', ':2:1', "type Tier = 'core'"]],
    ['a parameter property', `class A { constructor(private x: number) {} }\n`, ['SW1023', ':1:', 'declare the field']],
    ['a syntax error', `const a = 1\nconst b = { x: 1,, }\n`, ['SW1021', ':2:18']],
    ['a missing bracket', `export default {\n  name: 'shop'\n`, ['SW1021']],
    ['a name declared twice', `let a = 1\nlet a = 2\n`, ['SW1021', ':2:5', 'another name than a']],
    ['a misspelt import', `import { servce } from 'seaworthy'\n`, ['SW1025', ':1:10', 'write service']],
    ['a missing file', `import { x } from './parts/nope.mts'\n`, ['SW1025', ':1:19', 'mend the path']],
    ['a missing package', `import { x } from 'left-padding'\n`, ['SW1025', ':1:19', 'npm install left-padding']],
    ['a misspelt name', `const memorai = 1\n\nexport default memorei\n`, ['SW1022', ':3:1', 'did you mean memorai?']],
    ['an import forgotten', `export default fleet('a')\n`, ['SW1022', ':1:1', "import { fleet } from 'seaworthy'"]],
    ['a use above the definition', `const a = b\nconst b = 1\n`, ['SW1022', ':1:11', 'define b above its use']],
    ['an error in a function', `function f() {\n  throw new Error('no luck')\n}\nf()\n`, ['SW1022', 'no luck', ':2:9']],
    ['something thrown that is no error', `\nthrow 'x'\n`, ['SW1022', '"x"', ':2:1']],
    ['a wait without end', `await new Promise(() => {})\n`, ['SW1022', 'after 2 s']],
    ['no export', `const a = 1\n`, ['SW1024', 'exports nothing', 'export default fleet(...)']],
    [
      'a named export only',
      `import { fleet } from 'seaworthy'\nexport const shop = fleet('a')\n`,
      ['SW1024', 'export default shop'],
    ],
    ['a promise', `\nexport default Promise.resolve(1)\n`, ['SW1024', 'a promise', ':2:1']],
    ['a function', `export default () => 1\n`, ['SW1024', 'not a function that makes it']],
  ]
  for (const [what, text, said] of cases) {
    test(what, async () => {
      const message = await refusal(script(text))
      for (const part of said) expect(message).toContain(part)
      expect(message).toContain('seaworthy.config.mts')
    })
  }

  test('an error in a file that the catalog imports points there', async () => {
    const files = {
      'seaworthy.config.mts': `import { api } from './parts/api.mts'\nimport { fleet } from 'seaworthy'\nexport default fleet('a', { services: [api] })\n`,
      'parts/api.mts': `import { service } from 'seaworthy'\n\nexport const api = service('api', {\n  memory: '1 GB' as never,\n})\n`,
    }
    expect(await refusal(load(files))).toContain('parts/api.mts:4:3 services.api.memory')
  })
})

describe('which catalog is meant', () => {
  test('none: the hint says how to get one', async () => {
    expect(await refusal(load({ 'readme.md': '' }))).toMatch(/^SW1020: [\s\S]*seaworthy init/)
  })
  test('two: they are named', async () => {
    expect(await refusal(load({ 'seaworthy.yaml': '', 'seaworthy.json': '' }))).toMatch(
      /^SW1026: .*seaworthy\.yaml, seaworthy\.json/,
    )
  })
  test('a path to nothing', async () => {
    expect(await refusal(loadFleet(join(root, 'nowhere')))).toMatch(/^SW1020/)
  })
  test('a file by any name', async () => {
    const folder = folderWith({ 'other.yml': 'name: other\n' })
    expect((await loadFleet(join(folder, 'other.yml'))).document.name).toBe('other')
  })
})
