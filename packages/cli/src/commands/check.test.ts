import { expect, test } from 'vitest'
import { folderWith, runCli } from '../testing/run-cli.ts'

const sound = `name: shop
services:
  api: { run: node api.ts, port: 3000, routes: [/] }
`
const wrong = `name: shop
environments: { staging: {}, production: { tls: files } }
postgres:
  db:
    storage: 20Gi
    backup: { schedule: 0 2 * * *, rpo: 1h, rto: 1h, drill: 0 4 * * 1 }
services:
  api:
    run: node api.ts
    port: 3000
    routes: [/]
    needs: [db]
    memory: 1 GB
  worker: { run: node worker.ts, needs: [dbb] }
`
const check = (text: string, ...words: string[]): ReturnType<typeof runCli> => {
  using folder = folderWith({ 'seaworthy.yaml': text })
  return runCli(['check', '--today', '2026-11-20', ...words], folder.path)
}

test('a sound catalog: exit code 0 and a line that says what was looked at', () => {
  const { code, stdout } = check(sound)
  expect(code).toBe(0)
  expect(stdout).toMatch(/^0 refusals, 0 warnings, 0 silenced: \d+ rules in 1 environment \(development\)\n$/)
})

test('faults of shape and of sense are reported together, each with its line', () => {
  const { code, stdout } = check(wrong)
  expect(code).toBe(1)
  expect(stdout).toMatch(/^error SW1004 .*"1 GB"\n {2}at seaworthy\.yaml:13:5/m)
  expect(stdout).toMatch(/^error SW1008 .*`dbb`\n {2}at seaworthy\.yaml:14:42/m)
  expect(stdout).toMatch(/^error SW1101 .*\n {2}at seaworthy\.yaml:6:36 {2}postgres\.db\.backup\.rpo/m)
})

test('the same facts as data', () => {
  const { code, stdout } = check(wrong, '--json')
  const { refusals } = JSON.parse(stdout) as { readonly refusals: readonly { readonly code: string }[] }
  expect(code).toBe(1)
  expect(refusals.map((refusal) => refusal.code)).toEqual(expect.arrayContaining(['SW1004', 'SW1008', 'SW1101']))
})

test('SARIF for code scanners, also of a catalog that cannot be read', () => {
  const found = (text: string): unknown[] => {
    const { runs } = JSON.parse(check(text, '--sarif').stdout) as {
      readonly runs: readonly {
        readonly results: readonly { readonly ruleId: string; readonly locations: readonly unknown[] }[]
      }[]
    }
    return runs.flatMap(({ results }) => results)
  }
  const place = (line: number): object => ({
    physicalLocation: { artifactLocation: { uri: 'seaworthy.yaml' }, region: { startLine: line } },
  })
  expect(found(wrong)).toContainEqual(
    expect.objectContaining({ ruleId: 'SW1101', locations: [expect.objectContaining({})] }),
  )
  expect(found('name: shop\nservices: {\n')).toMatchObject([{ ruleId: 'SW1021', locations: [place(3)] }])
})

test('with --strict warnings fail too', () => {
  const unreached = 'name: shop\nservices:\n  api: { run: node api.ts, port: 3000 }\n'
  expect(check(unreached).code).toBe(0)
  expect(check(unreached, '--strict').code).toBe(1)
})

test('a day that is none is refused with the right way to write it', () => {
  const { code, stderr } = check(sound, '--today', '20.11.2026')
  expect([code, stderr.includes('write --today 2026-11-20')]).toEqual([2, true])
})
