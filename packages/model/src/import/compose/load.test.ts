// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how Compose and Docker write variables
import { describe, expect, it } from 'vitest'
import { memoryFiles } from '../source-files.ts'
import { plainOf } from '../yaml/tree.ts'
import { findComposeFiles, loadCompose } from './load.ts'

type Plain = Record<string, Record<string, Record<string, unknown>>>

function load(files: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}): Plain {
  const sources = memoryFiles(files)
  const { tree, problems } = loadCompose(sources, findComposeFiles(sources), env)
  expect(problems).toEqual([])
  return plainOf(tree) as Plain
}

function problemsOf(files: Readonly<Record<string, string>>) {
  const sources = memoryFiles(files)
  return loadCompose(sources, findComposeFiles(sources)).problems
}

describe('the files of a Compose application', () => {
  it('are found by their usual names, with the override beside them', () => {
    expect(findComposeFiles(memoryFiles({ 'docker-compose.yml': '', 'compose.override.yml': '' }))).toEqual([
      'docker-compose.yml',
      'compose.override.yml',
    ])
    expect(findComposeFiles(memoryFiles({ 'docker-compose.yml': '', 'compose.yaml': '' }))).toEqual(['compose.yaml'])
    expect(findComposeFiles(memoryFiles({ 'docker-compose.prod.yml': '' }))).toEqual([])
  })

  it('or by COMPOSE_FILE in .env', () => {
    const files = memoryFiles({ '.env': 'COMPOSE_FILE=a.yml:b/c.yml', 'compose.yaml': '' })
    expect(findComposeFiles(files)).toEqual(['a.yml', 'b/c.yml'])
  })
})

describe('an override file', () => {
  const merged = (base: string, over: string): Record<string, unknown> | undefined =>
    load({ 'compose.yaml': `services:\n  a:\n${base}`, 'compose.override.yaml': `services:\n  a:\n${over}` }).services
      ?.a

  it.each([
    ['replaces leaves', '    image: x:1', '    image: x:2', { image: 'x:2' }],
    ['appends to lists', '    cap_add: [A]', '    cap_add: [B]', { cap_add: ['A', 'B'] }],
    ['replaces commands', '    command: [a, b]', '    command: c', { command: 'c' }],
    ['replaces entry points', '    entrypoint: [a]', '    entrypoint: [b]', { entrypoint: ['b'] }],
    [
      'replaces the test of a check',
      '    healthcheck: {test: [CMD, a], retries: 2}',
      '    healthcheck: {test: [CMD, b]}',
      { healthcheck: { test: ['CMD', 'b'], retries: 2 } },
    ],
    [
      'merges variables by name, whatever their form',
      '    environment: {A: 1, B: 2}',
      '    environment: [B=3, C=4]',
      { environment: ['A=1', 'B=3', 'C=4'] },
    ],
    [
      'keeps one mount for a target',
      '    volumes: ["foo:/work", "x:/y"]',
      '    volumes: ["bar:/work"]',
      { volumes: ['bar:/work', 'x:/y'] },
    ],
    [
      'keeps ports that differ',
      '    ports: ["8080:80"]',
      '    ports: ["8443:443"]',
      { ports: ['8080:80', '8443:443'] },
    ],
    [
      'keeps one of two ports that are the same',
      '    ports: ["8080:80"]',
      '    ports: ["8080:80"]',
      { ports: ['8080:80'] },
    ],
    [
      'merges a build whatever its form',
      '    build: ./a',
      '    build: {target: t}',
      { build: { context: './a', target: 't' } },
    ],
    [
      'merges dependencies whatever their form',
      '    depends_on: [x]',
      '    depends_on: {y: {condition: service_healthy}}',
      { depends_on: { x: { condition: 'service_started', required: true }, y: { condition: 'service_healthy' } } },
    ],
    [
      'resets with !reset',
      '    image: x\n    ports: ["8080:80"]\n    environment: {FOO: BAR, Z: 1}',
      '    ports: !reset []\n    environment: {FOO: !reset null}',
      { image: 'x', environment: ['Z=1'] },
    ],
    ['replaces with !override', '    ports: ["8080:80"]', '    ports: !override ["8443:443"]', { ports: ['8443:443'] }],
    [
      'does not merge the options of another log driver',
      '    logging: {driver: a, options: {x: 1}}',
      '    logging: {driver: b}',
      { logging: { driver: 'b' } },
    ],
  ])('%s', (_, base, over, expected) => {
    expect(merged(base, over)).toEqual(expected)
  })
})

describe('anchors, merge keys and extension fields', () => {
  it('lend their content, with what is written beside them on top', () => {
    const { services } = load({
      'compose.yaml':
        'x-app: &app {image: x, environment: &env {A: 1}}\nservices:\n  a:\n    <<: *app\n    environment: {<<: *env, B: 2}\n  b: {<<: [*app, {image: y, user: u}]}',
    })
    expect(services).toEqual({
      a: { image: 'x', environment: { A: 1, B: 2 } },
      b: { image: 'x', environment: { A: 1 }, user: 'u' },
    })
  })

  it('a file that unfolds without end is refused', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefg'
      .split('')
      .map((key, i) => `${key}: &${key} [${Array(10).fill(`*${'abcdef'[i]}`).join(',')}]`)
      .join('\n')}`
    expect(problemsOf({ 'compose.yaml': bomb })[0]).toMatchObject({
      code: 'SW1041',
      message: expect.stringContaining('aliases'),
    })
  })
})

describe('extends', () => {
  it('takes a service of the same file, and of another with its paths seen from here', () => {
    const { services } = load({
      'compose.yaml':
        'services:\n  base: {image: x, environment: {TZ: utc, PORT: 80}}\n  cli: {extends: base, environment: {PORT: 8080}}\n  far: {extends: {file: common/c.yml, service: web}, command: go}',
      'common/c.yml':
        'services:\n  web: {extends: {service: deep}, build: ./web, env_file: [web.env]}\n  deep: {volumes: ["./data:/data"], labels: {a: b}}',
    })
    expect(services?.cli).toEqual({ image: 'x', environment: ['TZ=utc', 'PORT=8080'] })
    expect(services?.far).toEqual({
      volumes: ['./common/data:/data'],
      labels: { a: 'b' },
      build: './common/web',
      env_file: ['./common/web.env'],
      command: 'go',
    })
  })

  it('in a circle, of nobody and from nowhere is a problem with its line', () => {
    const text =
      'services:\n  a: {extends: b}\n  b: {extends: a}\n  c:\n    extends: {service: nobody}\n  d:\n    extends: {file: gone.yml, service: x}'
    expect(problemsOf({ 'compose.yaml': text }).map(({ code, where }) => [code, where?.line])).toEqual([
      ['SW1043', 2],
      ['SW1043', 3],
      ['SW1043', 5],
      ['SW1042', 7],
    ])
  })
})

describe('include', () => {
  it('brings the parts of another application, with its own paths and variables', () => {
    const { services, volumes } = load({
      'compose.yaml': 'include: [infra/compose.yaml]\nservices: {web: {image: "web:${TAG:-1}"}}',
      'infra/compose.yaml': 'services: {db: {image: "pg:${TAG}", volumes: ["./init:/init"]}}\nvolumes: {data: }',
      'infra/.env': 'TAG=16',
    })
    expect(services).toEqual({ db: { image: 'pg:16', volumes: ['./infra/init:/init'] }, web: { image: 'web:1' } })
    expect(volumes).toEqual({ data: null })
  })

  it('of itself is refused', () => {
    expect(problemsOf({ 'compose.yaml': 'include: [compose.yaml]\nservices: {a: {image: x}}' })[0]).toMatchObject({
      code: 'SW1043',
    })
  })
})

describe('variables', () => {
  it('come from .env, and before that from outside; keys keep theirs', () => {
    const files = { 'compose.yaml': 'services: {a: {image: "x:${TAG}", labels: {"$TAG": "$$TAG"}}}', '.env': 'TAG=1' }
    expect(load(files).services?.a).toEqual({ image: 'x:1', labels: { $TAG: '$TAG' } })
    expect(load(files, { TAG: '2' }).services?.a?.image).toBe('x:2')
  })

  it('that are none are a problem with file and line', () => {
    expect(problemsOf({ 'compose.yaml': 'services:\n  a:\n    image: "${x y}"' })).toEqual([
      expect.objectContaining({ code: 'SW1044', where: { file: 'compose.yaml', line: 3 } }),
    ])
  })
})

describe('numbers and words', () => {
  it('are read as Compose reads them: octal numbers, `yes` as a text, versions as numbers', () => {
    const { services } = load({
      'compose.yaml': 'services: {a: {environment: {MODE: 0440, ON: yes, V: 1.10, BIG: 123456789012345678901}}}',
    })
    expect(services?.a?.environment).toEqual({ MODE: 288, ON: 'yes', V: 1.1, BIG: '123456789012345678901' })
  })

  it('a file that is no YAML is a problem for each fault', () => {
    expect(problemsOf({ 'compose.yaml': 'a: [1\nb: }' })).toHaveLength(2)
  })
})
