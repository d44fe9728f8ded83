import { secretIn } from '../rules/secret-literal.ts'

const secretName =
  /(^|_)(PASS(WD|WORD|PHRASE)?|PWD|SECRET|TOKEN|CREDENTIALS?|PRIVATE_?KEY|API_?KEY|ACCESS_?KEY|SECRET_?KEY(_BASE)?|ENCRYPTION_?KEY|SIGNING_?KEY|MASTER_?KEY|APP_?KEY|JWT_?KEY|AUTH_?KEY|SALT|COOKIE_?SECRET|WEBHOOK_?SECRET|DSN|AUTH)(_|\d*$)/i
const anyKey = /_KEY(_BASE)?$/i
const plainName =
  /(^|_)(PUBLIC|PUB|FILE|PATH|DIR|NAME|ID|URL|URI|HOST|PORT|TTL|EXPIRY|EXPIRES?(_IN)?|EXPIRATION|LIFETIME|DURATION|AGE|LENGTH|MIN|MAX|ROUNDS|ALGORITHM|ALG|ENABLED?|DISABLED?|REQUIRED|POLICY|TYPE|HEADER|PREFIX|SCHEMA|TABLE|MODE|METHOD|PROVIDER|ISSUER|AUDIENCE|ENDPOINT|EMPTY_PASSWORD|RANDOM_ROOT_PASSWORD|LIMIT|COUNT|SIZE|INTERVAL|TIMEOUT|FIELD|COLUMN|DOMAIN|REALM|USER|USERNAME|EMAIL|VERSION|HTPASSWD|NONE)$/i

/** Words that stand where a secret would be without being one. */
const harmless = /^(|true|false|yes|no|on|off|0|1|none|null|optional|disabled?|enabled?|md5|trust|scram-sha-256)$/i

/** Whether a variable of this name holds a secret, whatever its value. */
export function isSecretName(name: string): boolean {
  if (plainName.test(name) || /PUBLI(C|SHABLE)_?KEY/i.test(name)) return false
  return secretName.test(name) || anyKey.test(name)
}

/** Whether a variable must not stand in clear in a config: by its name, by the look of its value, or by what it is made of. */
export function isSecret(name: string, value: string, variables: readonly string[] = []): boolean {
  if (harmless.test(value.trim()) && variables.length === 0) return false
  if (secretIn(name, value) !== undefined) return true
  if (isSecretName(name)) return !harmless.test(value.trim()) || variables.some(isSecretName)
  return variables.some(isSecretName)
}
