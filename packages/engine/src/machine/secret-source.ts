import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Fleet } from '@seaworthy/model'
import { engineProblem } from '../problem-codes.ts'
import { generatedPassword } from './resources/generated-password.ts'

/** Fetches the value of one of the fleet's secrets. Rejects with SW4015 when there is none. */
export type SecretSource = (name: string) => Promise<string>

/**
 * Secrets from the environment (`env:NAME`), from files (`file:path`), and made up once and kept in the state directory
 * (`generate:BYTES`): what works without a vault.
 */
export function plainSecrets(
  fleet: () => Fleet | undefined,
  env: Readonly<Record<string, string | undefined>>,
  stateDir: string,
): SecretSource {
  return async (name) => {
    const from = fleet()?.secrets[name]?.from ?? `env:${name.toUpperCase().replaceAll('-', '_')}`
    if (from.startsWith('generate'))
      return generatedPassword(join(stateDir, 'secrets', name), Number(from.split(':')[1] ?? 24))
    if (from.startsWith('vault:')) {
      throw engineProblem({
        code: 'SW4015',
        message: `The secret ${name} lies in Vault (${from}), which the machine engine does not read yet.`,
        where: { path: `secrets.${name}` },
        hint: `Overlay it in this environment: from 'env:${name.toUpperCase().replaceAll('-', '_')}', 'file:...' or 'generate:32'.`,
      })
    }
    const value = from.startsWith('file:') ? readSecret(from.slice('file:'.length)) : env[from.replace(/^env:/, '')]
    if (value) return value
    throw engineProblem({
      code: 'SW4015',
      message: `The secret ${name} has no value: ${from} is ${value === '' ? 'empty' : 'not set'}.`,
      where: { path: `secrets.${name}` },
      hint: from.startsWith('env:')
        ? `Set it before \`seaworthy up\`: export ${from.slice(4)}=...`
        : `Write the value to ${from.slice(5)}.`,
    })
  }
}

function readSecret(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch {
    return undefined
  }
}
