/**
 * `npm run test:releases [-- --short]`: real processes of the example fleets, real traffic, versions with a fault on
 * purpose. Each faulty one must be taken back with nobody touching it, each good one must be promoted. Exits 1 otherwise.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { connectController } from '@seaworthy/engine'
import { loadFleet, resolve } from '@seaworthy/model'
import type { Traffic } from '../../scripts/tour/traffic.ts'
import { type RehearsalCase, type RehearsalResult, rehearseRelease } from './rehearsal.ts'

const folder = fileURLToPath(new URL('.', import.meta.url))
const seaworthy = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url))
const short = process.argv.includes('--short')

const traffic: Readonly<Record<string, Traffic>> = {
  api: {
    rate: 60,
    request: (n) =>
      n % 10 === 0
        ? { path: '/v1/audit/verify?limit=20' }
        : n % 3 === 0
          ? {
              method: 'POST',
              path: '/v1/decisions',
              headers: { 'content-type': 'application/json' },
              body: JSON.stringify({ subject: `user-${n % 40}`, action: 'read' }),
            }
          : { path: '/v1/decisions?limit=3' },
  },
  wallet: {
    rate: 60,
    request: (n) =>
      n % 3 === 0
        ? {
            method: 'POST',
            path: '/wallet/transfers',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({
              key: `${process.pid}-${n}-${performance.now()}`,
              from: 'treasury',
              to: `account-${n % 20}`,
              amount: 100,
            }),
          }
        : n % 10 === 1
          ? { path: '/wallet/audit' }
          : { path: '/wallet/accounts/treasury' },
  },
}

const faults = ['error:0.03', 'slow:0.05:300', 'crash:200', 'leak:2000000', 'route:/v1/audit', 'hang:150']
const cases: readonly RehearsalCase[] = short
  ? [{ service: 'api', fault: 'error:0.1', expected: 'rolled-back' }]
  : ['api', 'wallet'].flatMap((service): RehearsalCase[] => [
      ...faults.map(
        (fault): RehearsalCase => ({
          service,
          fault: service === 'wallet' ? fault.replace('/v1/audit', '/audit') : fault,
          expected: 'rolled-back',
        }),
      ),
      { service, expected: 'completed' },
    ])

function run(...args: string[]): void {
  const { status } = spawnSync(process.execPath, [seaworthy, ...args], { stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error(`seaworthy ${args.join(' ')} ended with ${status}`)
}

run('up', folder, '--detach')
const results: RehearsalResult[] = []
try {
  const client = await connectController(`${folder}.seaworthy/development`)
  const { document } = await loadFleet(folder)
  const fleet = resolve(document, 'development')
  const url = (await client.state()).gateway.urls[0] ?? ''
  for (const [index, one] of cases.entries()) {
    const stream = traffic[one.service]
    if (!stream) throw new Error(`no traffic for ${one.service}`)
    const result = await rehearseRelease(client, fleet, url, stream, one, Date.now() + index)
    results.push(result)
    const good = result.outcome === one.expected
    console.log(
      `${good ? 'ok  ' : 'FAIL'} ${one.service.padEnd(7)} ${(one.fault ?? 'as good').padEnd(16)} ${result.outcome.padEnd(12)} ${result.seconds.toFixed(1).padStart(6)} s  ${String(result.harmed).padStart(4)} of ${result.requests} requests harmed  ${result.reason}`,
    )
  }
} finally {
  run('down', '--config', folder)
}
const wrong = results.filter((result) => result.outcome !== result.expected).length
console.log(`${results.length - wrong} passed, ${wrong} failed`)
process.exitCode = wrong === 0 && results.length === cases.length ? 0 : 1
