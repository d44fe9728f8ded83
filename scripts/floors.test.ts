import { describe, expect, it } from 'vitest'
import { checkImports } from './floors-rules.ts'

const declared = new Map([
  ['model', new Set<string>()],
  ['gateway', new Set(['@seaworthy/model'])],
  ['release', new Set(['@seaworthy/engine'])],
])

function messagesFor(path: string, text: string): string[] {
  return checkImports([{ path, text }], declared).map((violation) => `${violation.line}: ${violation.message}`)
}

describe('the floors', () => {
  it('let a package import a lower one through its index', () => {
    expect(messagesFor('packages/gateway/src/a.ts', "import { Problem } from '@seaworthy/model'\n")).toEqual([])
  })

  it('refuse an import of a higher floor, and name it', () => {
    expect(messagesFor('packages/model/src/a.ts', "\nimport type { Gateway } from '@seaworthy/gateway'\n")).toEqual([
      '2: model may not import @seaworthy/gateway: it does not stand on a lower floor',
    ])
  })

  it('refuse a neighbour on the same floor', () => {
    expect(messagesFor('packages/gateway/src/a.ts', "const x = await import('@seaworthy/render')")).toHaveLength(1)
  })

  it('refuse a file inside another package', () => {
    expect(messagesFor('packages/gateway/src/a.ts', "export { x } from '@seaworthy/model/src/problem.ts'")[0]).toMatch(
      /through its index/,
    )
    expect(messagesFor('packages/gateway/src/a.ts', "import { x } from '../../model/src/problem.ts'")[0]).toMatch(
      /leaves the package/,
    )
  })

  it('refuse an import over several lines and one that package.json does not declare', () => {
    expect(messagesFor('packages/release/src/a.ts', "import {\n  a,\n  b,\n} from '@seaworthy/model'\n")).toEqual([
      '4: @seaworthy/model is not in packages/release/package.json',
    ])
  })

  it('do not take a constant’s text for an import', () => {
    expect(messagesFor('packages/gateway/src/a.ts', "export const manager = 'seaworthy'\n")).toEqual([])
  })

  it('keep files, clocks and chance out of pure rooms, but not out of their tests', () => {
    expect(
      messagesFor('packages/render/src/a.ts', "import { readFileSync } from 'node:fs'\nconst now = Date.now()\n"),
    ).toHaveLength(2)
    expect(messagesFor('packages/render/src/a.ts', '// Date.now() is not called here\n')).toEqual([])
    expect(messagesFor('packages/render/src/a.test.ts', "import { readFileSync } from 'node:fs'\n")).toEqual([])
  })
})
