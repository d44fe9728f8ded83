/** What a text looks like when it looks like a secret; undefined when it does not. The text itself is never repeated. */
export function secretIn(variable: string, value: string): string | undefined {
  // Most values are short words, and this is asked of every variable: nothing that an issuer marks is shorter than 15.
  if (value.length < 8) return undefined
  if (value.length >= 15 && marked.test(value)) {
    for (const { pattern, what } of known) if (pattern.test(value)) return what
  }
  if (hasPassword(value)) return 'a URL with a password'
  if (harmless(value)) return undefined
  if (telling.test(variable) && !publicName.test(variable)) return `the value of ${variable}`
  if (looksRandom(value)) return `${value.length} characters without a pattern`
  return undefined
}

/** Whether a text is a URL that carries a password. */
export function hasPassword(value: string): boolean {
  return value.includes('@') && /^[a-z][a-z0-9+.-]*:\/\/[^\s/:@?#]*:(?!\$\{?[A-Za-z_])[^\s/@]+@/i.test(value)
}

/** Forms that issuers give their secrets so that scanners find them. */
const known: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /-----BEGIN [A-Z ]*PRIVATE KEY/, what: 'a private key' },
  { pattern: /\b(AKIA|ASIA)[0-9A-Z]{16}\b/, what: 'an AWS access key' },
  { pattern: /\b(ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9]{36,}|\bgithub_pat_[A-Za-z0-9_]{22,}/, what: 'a GitHub token' },
  { pattern: /\bglpat-[A-Za-z0-9_-]{20,}/, what: 'a GitLab token' },
  { pattern: /\bsk-(proj-|ant-|svcacct-)?[A-Za-z0-9_-]{20,}/, what: 'an OpenAI or Anthropic key' },
  { pattern: /\bhf_[A-Za-z0-9]{30,}/, what: 'a Hugging Face token' },
  { pattern: /\b[sr]k_live_[A-Za-z0-9]{16,}/, what: 'a Stripe key' },
  { pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/, what: 'a Slack token' },
  { pattern: /\bhooks\.slack\.com\/services\/T[A-Z0-9]+\/B[A-Z0-9]+\/[A-Za-z0-9]+/, what: 'a Slack webhook' },
  { pattern: /\bAIza[0-9A-Za-z_-]{35}\b/, what: 'a Google API key' },
  { pattern: /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/, what: 'a SendGrid key' },
  { pattern: /\bnpm_[A-Za-z0-9]{36}\b/, what: 'an npm token' },
  { pattern: /\bpypi-[A-Za-z0-9_-]{50,}/, what: 'a PyPI token' },
  { pattern: /\bhv[sb]\.[A-Za-z0-9_-]{20,}/, what: 'a Vault token' },
  { pattern: /\bdop_v1_[a-f0-9]{64}\b/, what: 'a DigitalOcean token' },
  { pattern: /\bshp(at|ss|ca|pa)_[a-fA-F0-9]{32}\b/, what: 'a Shopify token' },
  { pattern: /\bAGE-SECRET-KEY-1[0-9A-Z]{50,}/, what: 'an age key' },
  { pattern: /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/, what: 'a JSON Web Token' },
]

/** What at least one of the forms above begins with. */
const marked =
  /PRIVATE KEY|AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|sk-|hf_|k_live_|xox|hooks\.slack|AIza|SG\.|npm_|pypi-|hv[sb]\.|dop_v1_|shp|AGE-SECRET|eyJ/

/** Names whose values are secrets as a rule. */
const telling =
  /(^|_)(PASSWORD|PASSWD|PASSPHRASE|PWD|SECRET|TOKEN|CREDENTIALS?|(API|SECRET|PRIVATE|ACCESS|SIGNING|ENCRYPTION|FERNET|JWT|AUTH)_?KEY)(_BASE)?$/i

const publicName = /(PUBLIC|PUBLISHABLE|HEADER|FIELD|PARAM|COOKIE|CSRF_TOKEN$)/i

/** Addresses, paths, references, words and numbers: what variables with telling names hold in good order. */
function harmless(value: string): boolean {
  return (
    value === '' ||
    /^\$\{?[A-Za-z_]/.test(value) ||
    /^(\/|\.\/|\.\.\/|~\/)/.test(value) ||
    /^[a-z][a-z0-9+.-]*:/i.test(value) ||
    /^-?[0-9.]+[a-z%]*$/i.test(value) ||
    /^(true|false|yes|no|on|off|none|null|undefined|required|optional)$/i.test(value) ||
    /^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?$/i.test(value)
  )
}

/** Long, of mixed letters and digits, and with more entropy per character than words or identifiers have. */
function looksRandom(value: string): boolean {
  if (!/^[A-Za-z0-9+/_=-]{32,}$/.test(value) || !/[a-z]/.test(value) || !/[A-Z]/.test(value) || !/[0-9]/.test(value)) {
    return false
  }
  return entropy(value) >= 4.2 && (value.match(/[0-9]/g)?.length ?? 0) >= 3
}

/** Entropy in bits per character (Shannon 1948). */
function entropy(value: string): number {
  const counts = new Map<string, number>()
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1)
  let sum = 0
  for (const count of counts.values()) sum -= (count / value.length) * Math.log2(count / value.length)
  return sum
}
