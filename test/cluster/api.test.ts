import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { helloObjects } from './pods/hello-objects.ts'
import { applyObjects, getObject, type TestNamespace, useCluster } from './use-cluster.ts'

const { cluster, reason } = await useCluster({ shape: 'api' })

interface Versioned {
  readonly metadata: { readonly resourceVersion: string; readonly generation: number }
}

describe.skipIf(!cluster)(`an API server${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let space: TestNamespace
  const objects = helloObjects({ image: 'seaworthy.test/hello:1', replicas: 2 })

  beforeAll(async () => {
    if (cluster) space = await cluster.namespace('api')
  })
  afterAll(() => space?.[Symbol.asyncDispose]())

  it('checks objects without keeping them in a server-side dry run', async () => {
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects })
    const said = await space.kubectl(['apply', '--server-side', '--dry-run=server', '-f', '-'], { input: list })
    expect(said).toContain('deployment.apps/hello serverside-applied (server dry run)')
    expect(await space.kubectl(['get', 'deployment', '-o', 'name'])).toBe('')
  })

  it('changes nothing when the same is applied again', async () => {
    await space.apply(...objects)
    const before = await getObject<Versioned>(space.kubectl, ['service', 'hello'])
    await space.apply(...objects)
    const after = await getObject<Versioned>(space.kubectl, ['service', 'hello'])
    expect(after.metadata.resourceVersion).toBe(before.metadata.resourceVersion)
  })

  it('refuses what Kubernetes does not know', async () => {
    const wrong = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'wrong' },
      spec: { ports: [{ port: 80 }], sessionAfinity: 'None' },
    }
    await expect(applyObjects(space.kubectl, wrong)).rejects.toMatchObject({
      code: 'SWC001',
      message: expect.stringContaining('sessionAfinity'),
    })
  })
})
