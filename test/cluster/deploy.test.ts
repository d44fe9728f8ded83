import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CliAnswer, folderWith, runCli } from '../../packages/cli/src/testing/run-cli.ts'
import { loadFixture } from './pods/fixture-image.ts'
import { getObject, useCluster } from './use-cluster.ts'

const { cluster, reason } = await useCluster({ own: true })

describe.skipIf(!cluster)(`seaworthy deploy${reason ? ` (skipped: ${reason})` : ''}`, () => {
  const namespace = `deployed-${Date.now().toString(36)}`
  let image: string

  const catalog = (version: string): string => `name: deployed
monitoring: { operator: false }
environments:
  production:
    engine: kubernetes
    namespace: ${namespace}
    approvals: [{ by: [ana, ion] }]
services:
  api:
    image: ${image}
    port: 3000
    routes: [/]
    replicas: 2
    cpu: 100m
    memory: 128Mi
    env: { VERSION: ${version} }
    health: { ready: { http: /health/ready, every: 1s, timeout: 500ms } }
    stop: { drain: 1s, grace: 2s }
    kubernetes: [{ kind: Deployment, merge: { spec: { progressDeadlineSeconds: 20 } } }]
`
  const cli = (text: string, ...words: string[]): CliAnswer => {
    using here = folderWith({ 'seaworthy.yaml': text })
    return runCli(['deploy', '--env', 'production', ...words], here.path, { KUBECONFIG: cluster?.kubeconfig ?? '' })
  }
  const runs = async (): Promise<string | undefined> => {
    const deployment = await getObject<{
      spec: { template: { spec: { containers: { env: { name: string; value: string }[] }[] } } }
    }>((args) => cluster?.kubectl(['--namespace', namespace, ...args]) ?? Promise.resolve(''), ['deployment', 'api'])
    return deployment.spec.template.spec.containers[0]?.env.find(({ name }) => name === 'VERSION')?.value
  }

  beforeAll(async () => {
    if (!cluster) return
    image = await loadFixture(cluster)
  })
  afterAll(async () => {
    await cluster?.kubectl(['delete', 'namespace', namespace, '--wait=false', '--ignore-not-found'])
  })

  it('shows what it would do and does nothing without an approval', () => {
    const seen = cli(catalog('one'), '--diff')
    expect(seen.code, seen.stderr).toBe(1)
    expect(seen.stdout).toContain(`create apps/v1/Deployment/${namespace}/api`)
    const refused = cli(catalog('one'), '--yes', '--approved-by', 'somebody')
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('1 of ana, ion')])
  })

  it('applies, waits until everything is ready, and changes nothing the second time', async () => {
    const done = cli(catalog('one'), '--yes', '--approved-by', 'ana')
    expect(done.code, done.stderr + done.stdout).toBe(0)
    expect(done.stdout).toMatch(/api: 2\/2 ready\ndeployed/)
    expect(await runs()).toBe('one')
    const again = cli(catalog('one'), '--diff')
    expect([again.code, again.stdout]).toEqual([0, expect.stringMatching(/^\d+ as they are\n$/)])
  })

  it('says what a new version changes, and goes back to the one before', async () => {
    const done = cli(catalog('two'), '--yes', '--approved-by', 'ion')
    expect(done.stdout).toMatch(/replace \/spec\/template\/spec\/containers\/0\/env\/\d+\/value "two"/)
    expect(await runs()).toBe('two')
    const back = cli(catalog('two'), '--rollback', '--yes', '--approved-by', 'ion')
    expect(back.code, back.stderr + back.stdout).toBe(0)
    expect(await runs()).toBe('one')
  })

  it('finds what others have changed since', async () => {
    expect(cli(catalog('two'), '--drift').code).toBe(0)
    await cluster?.kubectl(['--namespace', namespace, 'scale', 'deployment/api', '--replicas=1'])
    const drifted = cli(catalog('two'), '--drift')
    expect([drifted.code, drifted.stdout]).toEqual([1, expect.stringContaining('replace /spec/replicas 2')])
    const refused = cli(catalog('one'), '--yes', '--approved-by', 'ana')
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringMatching(/SW4041[\s\S]*spec\.replicas/)])
    expect(cli(catalog('one'), '--yes', '--approved-by', 'ana', '--force-conflicts').code).toBe(0)
  })

  it('says why an image cannot run, and how to go back', () => {
    const broken = catalog('one').replace(image, 'registry.invalid/none:1')
    const done = cli(broken, '--yes', '--approved-by', 'ana')
    expect(done.code).toBe(1)
    expect(done.stdout).toMatch(/image pull back-off on node-|not ready in time/)
    expect(done.stderr).toContain('--rollback')
  })
})
