import { describe, expect, it } from 'vitest'
import { memoryFiles } from '../source-files.ts'
import { readPackage } from './package-facts.ts'
import { findPackages } from './workspaces.ts'

const json = (value: unknown): string => JSON.stringify(value)

describe('the packages of a repository', () => {
  const files = (root: unknown, more: Readonly<Record<string, string>> = {}) =>
    memoryFiles({
      'package.json': json(root),
      'apps/web/package.json': json({ name: '@acme/web' }),
      'apps/api/package.json': json({ name: 'api' }),
      'apps/notes.md': '',
      'packages/deep/ui/package.json': json({ name: 'ui' }),
      'node_modules/x/package.json': json({ name: 'x' }),
      ...more,
    })

  it.each([
    [['apps/*'], ['apps/api', 'apps/web']],
    [
      ['apps/web', 'packages/**'],
      ['apps/web', 'packages/deep/ui'],
    ],
    [['**'], ['apps/api', 'apps/web', 'packages/deep/ui']],
    [['apps/*', '!apps/web'], ['apps/api']],
    [['apps/w*'], ['apps/web']],
  ])('%j', (workspaces, folders) => {
    const found = findPackages(files({ workspaces })).map(({ folder }) => folder)
    expect(found.filter((folder) => folder !== '.')).toEqual(folders)
  })

  it('are those of pnpm too, and of Yarn', () => {
    expect(findPackages(files({}, { 'pnpm-workspace.yaml': 'packages:\n  - "apps/*"\n' }))).toHaveLength(2)
    expect(findPackages(files({ workspaces: { packages: ['apps/*'] } }))).toHaveLength(2)
  })

  it('without workspaces the root is the only one', () => {
    expect(findPackages(files({ name: 'root' })).map(({ folder }) => folder)).toEqual(['.'])
    expect(findPackages(memoryFiles({}))).toEqual([])
  })
})

describe('what a package says of the program in it', () => {
  const facts = (manifest: unknown, more: Readonly<Record<string, string>> = {}) =>
    readPackage(memoryFiles({ 'package.json': json(manifest), ...more }), '.')

  it.each([
    [{ start: 'node server.js' }, 'node server.js'],
    [{ start: 'NODE_ENV=production node server.js' }, 'npm start'],
    [{ start: 'next start' }, 'npm start'],
    [{ 'start:prod': 'node dist/main', start: 'nest start' }, 'node dist/main'],
    [{ serve: 'vite preview' }, 'npm run serve'],
    [{ start: 'node a.js && node b.js' }, 'npm start'],
  ])('%j starts with %s', (scripts, start) => {
    expect(facts({ scripts })?.start).toBe(start)
  })

  it.each([
    ['the script', { start: 'next start -p 4100' }, {}, 4100],
    ['the script', { start: 'vite preview --port=4200' }, {}, 4200],
    ['an env file', { start: 'node server.js' }, { '.env': 'A=1\nPORT=4300\n' }, 4300],
    ['the main file', { start: 'node server.js' }, { 'server.js': 'const port = process.env.PORT || 4400' }, 4400],
    ['the main file', { start: 'node dist/index.js' }, { 'src/index.ts': 'app.listen({ port: 4500 })' }, 4500],
    [
      'the main file',
      { start: 'node server.js' },
      { 'server.js': "const port = Number(process.env['PORT'] ?? '4600')" },
      4600,
    ],
  ])('its port comes from %s', (_, scripts, more, port) => {
    expect(facts({ scripts }, more)).toMatchObject({ port, portFrom: { guessed: false } })
  })

  it('or from the habit of its framework, and is then a guess', () => {
    expect(facts({ scripts: { start: 'node .' }, dependencies: { express: '5' } })).toMatchObject({
      port: 3000,
      portFrom: { guessed: true },
    })
    expect(facts({ scripts: { start: 'node .' } })?.port).toBeUndefined()
  })

  it('a package.json that is no JSON says nothing', () => {
    expect(readPackage(memoryFiles({ 'package.json': '{' }), '.')).toBeUndefined()
  })
})
