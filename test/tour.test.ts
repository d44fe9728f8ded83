import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { environmentsOf, loadFleet, resolve } from '@seaworthy/model'
import { describe, expect, it } from 'vitest'
import { hasProgram } from '../scripts/machine-packages.ts'
import { stops } from '../scripts/tour/stops.ts'
import { tour } from '../scripts/tour/tour.ts'

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((done) => {
    server.once('error', () => done(false))
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)))
  })
}

const folder = fileURLToPath(new URL('../examples/project-ai', import.meta.url))
const { document } = await loadFleet(folder)
const port = resolve(document, environmentsOf(document).includes('development') ? 'development' : 'production')
  .environment.gatewayPort
const reason =
  process.platform !== 'linux' && !hasProgram('postgres')
    ? 'no PostgreSQL here'
    : (await isFree(port))
      ? undefined
      : `port ${port} is taken`

describe.skipIf(reason !== undefined)(`the tour${reason ? ` (skipped: ${reason})` : ''}`, () => {
  it('runs project-ai, kills a replica, swaps a version, loses nothing and leaves nothing running', {
    timeout: 180_000,
  }, async () => {
    const stop = stops['project-ai']
    if (!stop) throw new Error('the tour has no stop project-ai')
    const report = await tour(stop, async () => undefined)
    expect(report.requests).toMatchObject({ lost: 0, faults: {} })
    expect(report.requests.sent).toBeGreaterThan(20)
    expect(report.requests.answered).toBe(report.requests.sent)
    expect(Object.keys(report.requests.versions)).toHaveLength(2)
    expect(report.release).toMatch(/^v\d+ swapped$/)
    expect(report.left).toEqual([])
  })
})
