import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cluster } from '../use-cluster.ts'
import { archiveOf, buildFixture } from './images.ts'

/** Builds the test service (test/fixtures/service.ts) as an image and loads it into every node; returns its name by digest. */
export async function loadFixture(cluster: Cluster): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-fixture-'))
  try {
    const [loaded] = await cluster.loadImage(await archiveOf(await buildFixture(), folder))
    return loaded?.byDigest ?? ''
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
