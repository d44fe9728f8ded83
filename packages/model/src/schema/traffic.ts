import {
  choice,
  date,
  duration,
  either,
  flag,
  integer,
  list,
  type Node,
  type ObjectNode,
  object,
  pattern,
  percent,
  rate,
  record,
  reference,
  short,
  size,
  text,
} from './node.ts'

const method = choice('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS')

/** A token bucket per client. */
export const rateLimit: ObjectNode = object('RateLimit', 'A token bucket per client.', {
  limit: { type: rate, doc: 'Tokens that flow in.', required: true },
  burst: {
    type: integer(1),
    doc: 'Size of the bucket; the tokens of one period when absent.',
    derived: 'tokens-of-a-period',
  },
  by: {
    type: pattern('^(ip|client|api-key|header:[A-Za-z0-9-]+)$', 'client', 'header:X-Tenant'),
    doc: 'What tells clients apart.',
    default: 'client',
  },
  exempt: { type: list(pattern('^/')), doc: 'Path prefixes that cost nothing.', default: ['/health', '/metrics'] },
})

/** Which other origins a browser may call from. */
export const cors: ObjectNode = object('Cors', 'Which other origins a browser may call from.', {
  origins: { type: list(text), doc: 'Exact origins, or `*`.', required: true },
  methods: {
    type: list(method),
    doc: 'Methods allowed beyond the simple ones.',
    default: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  },
  headers: { type: list(text), doc: 'Request headers allowed.', default: ['Content-Type', 'Authorization'] },
  credentials: { type: flag, doc: 'Whether cookies go along; impossible together with origin `*`.', default: false },
  maxAge: { type: duration, doc: 'How long a browser may remember the answer.', default: '10m' },
})

/** JSON Web Tokens that are accepted. */
export const jwt: ObjectNode = object('Jwt', 'JSON Web Tokens that are accepted.', {
  issuer: { type: text, doc: 'Expected `iss`.', required: true },
  audience: { type: text, doc: 'Expected `aud`.' },
  jwks: { type: pattern('^https?://'), doc: 'URL of the key set.' },
  secret: { type: reference('secret'), doc: 'Shared key (HS256), instead of `jwks`.' },
})

/** Static keys that are accepted. */
export const apiKey: ObjectNode = object('ApiKey', 'Static keys that are accepted.', {
  header: { type: text, doc: 'Header that carries the key.', default: 'X-API-Key' },
  secret: { type: reference('secret'), doc: 'Secret that holds the keys, one a line.', required: true },
})

/** Who may come in; any one of the given ways suffices. */
export const auth: ObjectNode = object('Auth', 'Who may come in; any one of the given ways suffices.', {
  jwt: { type: jwt, doc: 'By token.' },
  apiKey: { type: apiKey, doc: 'By key.' },
  exempt: { type: list(pattern('^/')), doc: 'Path prefixes open to all.', default: ['/health'] },
})

/** Search of requests for attacks. */
export const inspection: ObjectNode = object('Inspection', 'Search of requests for attacks.', {
  mode: {
    type: choice('off', 'detect', 'block'),
    doc: '`detect` counts and logs, `block` answers 403.',
    default: 'detect',
  },
  classes: {
    type: list(choice('sql', 'xss', 'command', 'path', 'template', 'ssrf')),
    doc: 'What is looked for.',
    default: ['sql', 'xss', 'command', 'path'],
  },
})

/** What the gateway does before a request reaches the service. */
export const protections: ObjectNode = object(
  'Protections',
  'What the gateway does before a request reaches the service.',
  {
    rateLimit: { type: short(rate, 'limit', rateLimit), doc: 'How much one client may ask.' },
    cors: { type: cors, doc: 'Cross-origin requests.' },
    auth: { type: auth, doc: 'Authentication.' },
    inspect: { type: short(choice('off', 'detect', 'block'), 'mode', inspection), doc: 'Request inspection.' },
    maxBody: { type: size, doc: 'Largest request body.', default: '10Mi' },
    headers: {
      type: record(text),
      doc: 'Response headers set on every answer, such as Content-Security-Policy.',
      default: {
        'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
        'X-Content-Type-Options': 'nosniff',
        'X-Frame-Options': 'DENY',
      },
    },
    fields: {
      type: record(
        choice(
          'text',
          'markdown',
          'html',
          'code',
          'json',
          'email',
          'url',
          'uuid',
          'integer',
          'number',
          'boolean',
          'date',
        ),
      ),
      doc: 'What request fields hold, by JSON path: narrows inspection where free text is meant.',
      default: {},
    },
  },
)

/** The API version that a route serves. */
export const apiVersion: ObjectNode = object('ApiVersion', 'The API version that a route serves.', {
  name: {
    type: pattern('^v[0-9]+$', 'v1'),
    doc: 'Name, as in the path, the `API-Version` header and `?version=`.',
    required: true,
  },
  status: { type: choice('beta', 'stable', 'deprecated'), doc: 'How finished it is.', default: 'stable' },
  deprecated: { type: date, doc: 'Day from which `Deprecation` (RFC 9745) is sent.' },
  sunset: { type: date, doc: 'Day from which it answers 410; `Sunset` (RFC 8594) is sent before.' },
  successor: { type: pattern('^v[0-9]+$', 'v2'), doc: 'Version to move to.' },
})

/** One way into a service. */
export const route: ObjectNode = object('Route', 'One way into a service.', {
  host: { type: text, doc: 'Exact host or `*.example.com`; every host when absent.' },
  path: { type: pattern('^/', '/v1'), doc: 'Path prefix, matched at segment boundaries.', default: '/' },
  methods: { type: list(method), doc: 'Methods let in; all when absent.' },
  headers: { type: record(text), doc: 'Request headers that must have these values.', default: {} },
  version: { type: short(pattern('^v[0-9]+$', 'v1'), 'name', apiVersion), doc: 'API version served here.' },
  stripPath: { type: flag, doc: 'Takes `path` off before forwarding.', default: false },
  rawPath: { type: flag, doc: 'Lets encoded slashes and the like through.', default: false },
  timeout: { type: duration, doc: 'Until the first byte of the answer; the service timeout when absent.' },
  maxBody: { type: size, doc: 'Largest request body; the protection when absent.' },
  idempotent: { type: flag, doc: 'Whether POST and PATCH here may safely be sent twice.', default: false },
  shadow: { type: flag, doc: 'Whether requests here may be mirrored to a shadow version.', default: false },
})

/** The same with its short form. */
export const routeOrText: Node = {
  ...short(pattern('^[a-z0-9.*-]*(/.*)?$', 'api.example.com/v1'), 'path', route),
  split: 'host-path',
}

/** Stops calling what keeps failing. */
export const breaker: ObjectNode = object('Breaker', 'Stops calling what keeps failing.', {
  failures: { type: integer(1), doc: 'Failures in a row that open it.', default: 5 },
  open: { type: duration, doc: 'How long it stays open before it tries again.', default: '60s' },
  probes: { type: integer(1), doc: 'Successful trials that close it.', default: 1 },
})

/** A dependency: inject the address, wait for ready, draw the edge, owe an experiment for its loss. */
export const need: ObjectNode = object(
  'Need',
  'A dependency: inject the address, wait for ready, draw the edge, owe an experiment for its loss.',
  {
    on: {
      type: reference('service', 'postgres', 'redis', 'volume', 'external', 'job'),
      doc: 'What is needed.',
      required: true,
    },
    as: {
      type: pattern('^[A-Z][A-Z0-9_]*$', 'DATABASE'),
      doc: 'Prefix of the injected variables (`<AS>_URL`); the name in capitals when absent.',
      derived: 'variable-of-need',
    },
    optional: { type: flag, doc: 'Starts without it and lives through its loss.', default: false },
    timeout: { type: duration, doc: 'Longest wait for one answer of it.', default: '5s' },
    retries: { type: integer(0, 10), doc: 'Attempts after the first.', default: 0 },
    breaker: { type: breaker, doc: 'Circuit breaker on the calls to it.' },
    mount: { type: pattern('^/'), doc: 'Directory at which a needed volume appears.' },
    readOnly: { type: flag, doc: 'Whether the mount is read-only.', default: false },
  },
)

/** The same with its short form. */
export const needs: Node = list(
  short(reference('service', 'postgres', 'redis', 'volume', 'external', 'job'), 'on', need),
)

/** What the service is expected to see: the ground that SLO and canary claims are checked on. */
export const expectedTraffic: ObjectNode = object(
  'Traffic',
  'What the service is expected to see: the ground that SLO and canary claims are checked on.',
  {
    rate: { type: rate, doc: 'Requests (or messages) on an ordinary day.', required: true },
    peak: { type: rate, doc: 'Requests at the busiest.' },
    errors: { type: percent, doc: 'Share of failures that is normal today.', default: '0.1%' },
  },
)

/** Edges beyond those of `needs`. */
export const network: ObjectNode = object('Network', 'Edges beyond those of `needs`.', {
  egress: {
    type: list(pattern('^[a-z0-9.*-]+(:[0-9]+)?$', 'api.openai.com:443')),
    doc: 'Hosts outside the fleet that may be called.',
    default: [],
  },
  ingress: {
    type: list(reference('service')),
    doc: 'Services that may call in without needing this one.',
    default: [],
  },
  anywhere: { type: flag, doc: 'Lets all traffic out.', default: false },
})

/** Keeps a client on one replica and version. */
export const affinity: ObjectNode = object('Affinity', 'Keeps a client on one replica and version.', {
  by: { type: choice('none', 'cookie', 'header', 'ip'), doc: 'What identifies the client.', default: 'none' },
  name: { type: text, doc: 'Cookie or header name.' },
})

/** The same with its short form. */
export const affinityOrWord: Node = short(choice('none', 'cookie', 'header', 'ip'), 'by', affinity)
/** A command: words in one text, or a list of them. */
export const commandLine: Node = either(text, list(text))
