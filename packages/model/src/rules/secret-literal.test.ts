import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { secretIn } from './secret-literal.ts'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const random = (length: number): string =>
  Array.from({ length }, (_, index) => letters[(index * 37 + 11 * ((index * index) % 7)) % letters.length]).join('')

describe('what looks like a secret is found', () => {
  // Assembled, so that no scanner takes this file for a leak.
  test.each([
    ['OPENAI', `sk-${'proj'}-${random(40)}`, 'an OpenAI or Anthropic key'],
    ['X', `gh${'p'}_${random(36)}`, 'a GitHub token'],
    ['X', `AKIA${'IOSFODNN7EXAMPLE'}`, 'an AWS access key'],
    ['X', `-----BEGIN RSA ${'PRIVATE'} KEY-----`, 'a private key'],
    ['DATABASE', 'postgres://app:hunter2@db/app', 'a URL with a password'],
    ['DB_PASSWORD', 'correct horse battery', 'the value of DB_PASSWORD'],
    ['JWT_SECRET', 'development-secret', 'the value of JWT_SECRET'],
    ['FERNET_KEY', random(44), 'the value of FERNET_KEY'],
    ['SALT', 'q8ZxK2mN7vB4pL9wR3tY6uE1oA5sD0fG', '32 characters without a pattern'],
  ])('%s', (name, value, what) => {
    expect(secretIn(name, value)).toBe(what)
  })
})

describe('what belongs in the environment is let through', () => {
  test.each([
    ['LOG_LEVEL', 'debug'],
    ['DATABASE_URL', 'postgres://db/app'],
    ['DATABASE_URL', `postgres://app:$${'{DB_PASSWORD}'}@db/app`],
    ['TOKEN', '/run/secrets/token'],
    ['JWT_SECRET', `$${'{JWT_SECRET}'}`],
    ['MAX_TOKEN', '4096'],
    ['CSRF_TOKEN', 'X-CSRF-Token'],
    ['API_KEY_HEADER', 'X-API-Key-Of-Partner'],
    ['STRIPE_PUBLISHABLE_KEY', 'pk_test_something'],
    ['SORT_KEY', 'created_at_then_id'],
    ['GIT_COMMIT', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b'],
    ['DIGEST', 'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
    ['TRACE_ID', '4bf92f35-77b3-4da6-a3ce-929d0e0e4736'],
    ['FEATURES', 'new-checkout,fast-search,dark-mode-for-everyone'],
    ['JAVA_TOOL_OPTIONS', '-XX:MaxRAMPercentage=75 -XX:+UseG1GC'],
    ['CLASS', 'OrganisationInvitationAcceptedEventHandlerFactory'],
    ['MODEL', 'sentence-transformers/all-MiniLM-L6-v2'],
    ['PASSWORD', ''],
  ])('%s=%s', (name, value) => {
    expect(secretIn(name, value)).toBeUndefined()
  })
})

test('no finding repeats the value', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 16 }), (value) => {
      expect(secretIn('API_SECRET', value) ?? '').not.toContain(value)
    }),
  )
})
