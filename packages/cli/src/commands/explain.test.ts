import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Folder, folderWith, runCli } from '../testing/run-cli.ts'

const config = `import { environment, fleet, postgres, service } from 'seaworthy'

const db = postgres('db', { storage: '20Gi' })
const api = service('api', {
  run: 'node api.ts',
  port: 3000,
  needs: [db],
  memory: '1Gi',
  silence: [{ code: 'SW2502', reason: 'called by hand', until: '2027-01-01' }],
  on: { production: { memory: '2Gi' } },
})

export default fleet('shop', { services: [api], environments: [environment('staging'), environment('production')] })
`
let folder: Folder
beforeAll(() => {
  folder = folderWith({ 'seaworthy.config.mts': config })
})
afterAll(() => folder[Symbol.dispose]())

describe('explain, as a user runs it', () => {
  test('shows every value of a part with its origin', () => {
    const { code, stdout } = runCli(['explain', 'api', '--env', 'production'], folder.path)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^shop in production {2}sha256 [0-9a-f]{16}$/m)
    expect(stdout).toMatch(/^service api {2}seaworthy\.config\.mts:4$/m)
    expect(stdout).toMatch(/^ {2}memory +2Gi +production, seaworthy\.config\.mts:10$/m)
    expect(stdout).toMatch(/^ {2}port +3000 +seaworthy\.config\.mts:6$/m)
    expect(stdout).toMatch(/^ {2}timeout +30s +default$/m)
    expect(stdout).toMatch(/^ {2}needs\[0\]\.as +DB +from its name$/m)
    expect(stdout).toMatch(/^ {2}SW2502 +until 2027-01-01 +called by hand +seaworthy\.config\.mts:9$/m)
  })

  test('without a part shows what somebody wrote, and counts the rest', () => {
    const { stdout } = runCli(['explain', '--env', 'staging'], folder.path)
    expect(stdout).toMatch(/^ {2}memory +1Gi +seaworthy\.config\.mts:8$/m)
    expect(stdout).not.toContain('default\n')
    expect(stdout).toMatch(/^\d+ more values are defaults/m)
  })

  test('gives the same facts as data', () => {
    const { stdout } = runCli(['explain', 'db', '--env', 'staging', '--json'], folder.path)
    expect(JSON.parse(stdout)).toMatchObject({
      fleet: 'shop',
      environment: 'staging',
      parts: [
        {
          kind: 'postgres',
          name: 'db',
          values: expect.arrayContaining([
            expect.objectContaining({ path: 'storage.size', text: '20Gi', value: 20 * 2 ** 30 }),
          ]),
        },
      ],
    })
  })

  test('asks for the environment when there are several', () => {
    const { code, stderr } = runCli(['explain'], folder.path)
    expect(code).toBe(3)
    expect(stderr).toContain('the fleet has several environments: staging, production')
    expect(stderr).toContain('mend write --env staging')
  })

  test('names the nearest part', () => {
    const { code, stderr } = runCli(['explain', 'apo', '--env', 'staging'], folder.path)
    expect([code, stderr.includes('did you mean api?')]).toEqual([3, true])
  })

  test('of a broken catalog shows all that is wrong', () => {
    using broken = folderWith({ 'seaworthy.yaml': 'name: shop\nservices:\n  api: { prot: 1, memory: 1 GB }\n' })
    const { code, stderr } = runCli(['explain'], broken.path)
    expect(code).toBe(3)
    expect(stderr).toContain('SW1001')
    expect(stderr).toContain('SW1004')
    expect(stderr).toContain('2 problems in the catalog')
  })
})
