import { writeFileSync } from 'node:fs'
import { apiDocument } from '../src/controller/api-document.ts'

const file = new URL('../../../docs/openapi.json', import.meta.url)
writeFileSync(file, `${JSON.stringify(apiDocument(), null, 2)}\n`)
