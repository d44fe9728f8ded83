/** Parses the YAML named on the command line, no more; prints ms since process start. */
import { readFileSync } from 'node:fs'
import { enableCompileCache } from 'node:module'

enableCompileCache()
const { parse } = await import('yaml')
const { services } = parse(readFileSync(process.argv[2] ?? '', 'utf8'))
console.log(JSON.stringify({ ms: performance.now(), services: Object.keys(services).length }))
