import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where everything of a fleet in one environment is kept on this machine: `.seaworthy/ENVIRONMENT` beside the catalog. */
export function stateDirectory(folder: string, environment: string): string {
  return join(folder, '.seaworthy', environment)
}

/** Makes it, and keeps it out of version control. */
export function makeStateDirectory(folder: string, environment: string): string {
  const parent = join(folder, '.seaworthy')
  mkdirSync(join(parent, environment), { recursive: true, mode: 0o711 })
  const ignore = join(parent, '.gitignore')
  if (!existsSync(ignore)) writeFileSync(ignore, '*\n')
  return stateDirectory(folder, environment)
}
