/**
 * `npm start`: runs an example fleet, drives a little traffic, kills a replica and swaps a version, and prints what became
 * of every request. In a terminal it then stays until Ctrl-C; elsewhere it stops everything and ends. `npm start -- project-ai`
 * takes another fleet.
 */
import { stops } from './tour/stops.ts'
import { tour } from './tour/tour.ts'

const name = process.argv[2] ?? 'ai-system'
const stop = stops[name]
if (!stop) {
  console.error(`there is no example "${name}": ${Object.keys(stops).join(', ')}`)
  process.exit(2)
}

async function stay(url: string): Promise<void> {
  if (!process.stdout.isTTY) return
  console.log(`\n${name} runs at ${url}. Ctrl-C drains and stops everything.`)
  const { promise, resolve } = Promise.withResolvers<void>()
  process.once('SIGINT', resolve)
  process.once('SIGTERM', resolve)
  await promise
}

const report = await tour(stop, stay)
console.log(
  `\n${name}: ${report.services} services, ${report.replicas} replicas; ${report.killed} killed and back; ${report.release}; ` +
    `${report.requests.lost} of ${report.requests.sent} requests lost; ${report.left.length} processes left`,
)
process.exitCode = report.requests.lost === 0 && report.left.length === 0 && report.release.endsWith(' swapped') ? 0 : 1
