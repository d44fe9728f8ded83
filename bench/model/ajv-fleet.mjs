/** Parses the JSON named on the command line and checks its shape with ajv; prints ms since process start. */
import { readFileSync } from 'node:fs'
import { enableCompileCache } from 'node:module'

enableCompileCache()
const { Ajv2020 } = await import('ajv/dist/2020.js')
const schema = JSON.parse(readFileSync(new URL('../../packages/model/fleet.schema.json', import.meta.url), 'utf8'))
const accepts = new Ajv2020({ allowUnionTypes: true, allErrors: true }).compile(schema)
const right = accepts(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')))
console.log(JSON.stringify({ ms: performance.now(), right }))
