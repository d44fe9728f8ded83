import { names } from './figures.ts'
import { type Rule, refusal } from './rule.ts'

/** Rules on what the gateway does before a request reaches a service. */
export const protectionRules: readonly Rule[] = [
  refusal({
    code: 'SW1520',
    title: 'Cookies for every origin',
    meaning:
      'Browsers refuse credentials together with the origin `*` (Fetch standard, CORS protocol), so no such request ever succeeds.',
    *check({ having }) {
      for (const { name, protect } of having.protections) {
        if (!protect.cors?.credentials || !protect.cors.origins.includes('*')) continue
        yield {
          path: ['services', name, 'protect', 'cors', 'credentials'],
          message: 'expected exact origins beside `credentials: true`, found `*`',
          hint: "list them, such as `origins: ['https://app.example.com']`, or set `credentials: false`",
        }
      }
    },
  }),
  refusal({
    code: 'SW1521',
    title: 'Authentication that lets nobody in',
    meaning: 'At least one way in is needed, and a token must be checked against one key: a key set or a shared one.',
    *check({ having }) {
      for (const { name, protect } of having.protections) {
        const { auth } = protect
        if (!auth) continue
        const path = ['services', name, 'protect', 'auth']
        if (!auth.jwt && !auth.apiKey) {
          yield {
            path,
            message: 'expected `jwt` or `apiKey`, found neither',
            hint: "add `apiKey: { secret: secret('api-keys') }`, or take `auth` away",
          }
        } else if (auth.jwt && (auth.jwt.jwks === undefined) === (auth.jwt.secret === undefined)) {
          yield {
            path: [...path, 'jwt'],
            message: `expected exactly one of \`jwks\` and \`secret\`, found ${auth.jwt.jwks === undefined ? 'neither' : 'both'}`,
            hint: 'name the key set of the issuer (`jwks`), or the shared key (`secret`)',
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1522',
    title: 'Exemption that exempts everything',
    meaning: 'The prefix `/` is a part of every path, so nothing is left to protect.',
    *check({ having }) {
      for (const { name, protect } of having.protections) {
        for (const [key, list] of [
          ['auth', protect.auth?.exempt],
          ['rateLimit', protect.rateLimit?.exempt],
        ] as const) {
          const index = list?.indexOf('/') ?? -1
          if (index < 0) continue
          yield {
            path: ['services', name, 'protect', key, 'exempt', index],
            message: 'expected prefixes of single paths, found `/`',
            hint: `take \`${key}\` away if nothing is to be protected, or exempt less, such as \`/health\``,
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1523',
    title: 'Rate limit that lets nobody in',
    meaning: 'A bucket that nothing flows into is empty after the first burst, for ever.',
    *check({ having }) {
      for (const { name, protect } of having.protections) {
        if (!protect.rateLimit || protect.rateLimit.limit > 0) continue
        yield {
          path: ['services', name, 'protect', 'rateLimit', 'limit'],
          message: 'expected a limit above zero, found 0',
          hint: "write it as `'60/min'`, or take the limit away",
        }
      }
    },
  }),
  refusal({
    code: 'SW1524',
    title: 'Stickiness without a name',
    meaning: 'Clients are told apart by a header, but it is not said by which.',
    *check({ services }) {
      for (const { name, affinity } of services) {
        if (affinity.by !== 'header' || affinity.name) continue
        yield {
          path: ['services', name, 'affinity', 'name'],
          message: 'expected the name of a header, found none',
          hint: "add `name: 'X-Session'`",
        }
      }
    },
  }),
  refusal({
    code: 'SW1525',
    title: 'Network open to all and to some',
    meaning: 'With `anywhere` the list of hosts that may be called is never read.',
    *check({ fleet }) {
      for (const [key, programs] of [
        ['services', fleet.services],
        ['jobs', fleet.jobs],
      ] as const) {
        for (const [name, { network }] of Object.entries(programs)) {
          if (!network.anywhere || network.egress.length === 0) continue
          yield {
            path: [key, name, 'network', 'anywhere'],
            message: `expected either \`anywhere\` or \`egress\`, found both (${names(network.egress)})`,
            hint: 'take `anywhere` away, so that the list holds',
          }
        }
      }
    },
  }),
]
