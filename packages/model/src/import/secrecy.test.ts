import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { secretIn } from '../rules/secret-literal.ts'
import { isSecret } from './secrecy.ts'

describe('a variable is kept out of the config', () => {
  it.each([
    ['DB_PASSWORD', 'x'],
    ['MYSQL_ROOT_PASSWORD', 'somewordpress'],
    ['API_TOKEN', 'abc'],
    ['STRIPE_SECRET_KEY', 'sk_live_51Habcdefghij'],
    ['SECRET_KEY_BASE', '0123456789'],
    ['RAILS_MASTER_KEY', 'abc'],
    ['DATABASE_URL', 'mysql://app:hunter2@db/app'],
    ['ANYTHING', 'ghp_0123456789abcdefghijklmnopqrstuvwxyzAB'],
    ['SENTRY_DSN', 'https://abc@sentry.io/1'],
    ['database__connection__password', 'x'],
  ])('%s', (name, value) => {
    expect(isSecret(name, value)).toBe(true)
  })

  it('also when only what it is made of looks like a secret', () => {
    expect(isSecret('CONNECTION', 'host=db password=x', ['DB_PASSWORD'])).toBe(true)
  })
})

describe('a variable stays in the config', () => {
  it.each([
    ['NODE_ENV', 'production'],
    ['PASSWORD_MIN_LENGTH', '12'],
    ['TOKEN_TTL', '3600'],
    ['PUBLIC_KEY', 'abc'],
    ['ALLOW_EMPTY_PASSWORD', 'yes'],
    ['DB_PASSWORD', ''],
    ['AUTH_ENABLED', 'true'],
    ['API_URL', 'http://api:3000'],
    ['AWS_ACCESS_KEY_ID', ''],
    ['KEYCLOAK_HOST', 'sso.example.com'],
    ['SSL_KEY_FILE', '/etc/ssl/key.pem'],
    ['MONKEY', 'business'],
  ])('%s=%s', (name, value) => {
    expect(isSecret(name, value)).toBe(false)
  })

  it('only if the catalog would take it: what the rule on secrets refuses is never written', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (name, value) => {
        if (secretIn(name, value) !== undefined) expect(isSecret(name, value)).toBe(true)
      }),
    )
  })
})
