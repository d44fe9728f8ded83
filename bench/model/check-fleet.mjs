/** Evaluates and checks the catalog named on the command line, as `seaworthy check` does; prints ms since process start. */
import { enableCompileCache } from 'node:module'

enableCompileCache()
const { check, loadFleet } = await import('@seaworthy/model')
const loaded = await loadFleet(process.argv[2] ?? '.')
const loadedAt = performance.now()
const { refusals, warnings, environments, rules } = check(loaded, { today: '2026-11-20' })
const services = Object.keys(loaded.document.services ?? {}).length
const ms = performance.now()
console.log(
  JSON.stringify({
    ms,
    loadedAt,
    services,
    environments: environments.length,
    rules,
    refusals: refusals.length,
    warnings: warnings.length,
  }),
)
