import type { PathStep } from '../catalog-path.ts'
import type { Job, Service } from '../resolved.generated.ts'
import type { Context } from './context.ts'
import { names, time } from './figures.ts'
import { type Rule, refusal, warning } from './rule.ts'
import { hasPassword, secretIn } from './secret-literal.ts'

/** Rules on what must not be seen, and on who may do more than others. */
export const secretRules: readonly Rule[] = [
  refusal({
    code: 'SW1801',
    title: 'Secret written in the catalog',
    meaning:
      'A value that looks like a secret stands in the catalog, and so in version control, in every copy of it and in the rendered files. Name a secret instead, and replace the value: it is known.',
    *check(context) {
      for (const { variable, value, path } of literalsOf(context)) {
        const what = secretIn(variable, value)
        if (what === undefined) continue
        const name = variable
          .toLowerCase()
          .replace(/[^a-z0-9]+/g, '-')
          .replace(/^-+|-+$/g, '')
        yield {
          path,
          message: `expected a secret, found what looks like ${what}, written out`,
          hint: `write \`${variable}: secret('${name}')\`, which reads it from the environment, a file or Vault, and replace the value`,
        }
      }
    },
  }),
  refusal({
    code: 'SW1802',
    title: 'Password in an address',
    meaning: 'The address of a server carries its password. Give it as `env:NAME`, and keep the value outside.',
    *check({ fleet }) {
      for (const [key, parts] of [
        ['postgres', fleet.postgres],
        ['redis', fleet.redis],
        ['externals', fleet.externals],
      ] as const) {
        for (const [name, { url }] of Object.entries(parts)) {
          if (url === undefined || !hasPassword(url)) continue
          yield {
            path: [key, name, 'url'],
            message: 'expected an address without a password, found one with it',
            hint: `write \`url: 'env:${name.toUpperCase().replaceAll('-', '_')}_URL'\`, and replace the password`,
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1803',
    title: 'Rotation that reaches nobody',
    meaning:
      'The value changes on schedule, but a process that got it as a variable keeps the old one until it restarts, and nothing makes it.',
    *check(context) {
      const users = usersOf(context)
      for (const [name, { rotateEvery, onRotate }] of Object.entries(context.fleet.secrets)) {
        if (rotateEvery === undefined || onRotate !== 'nothing') continue
        const blind = (users.get(name) ?? []).filter(({ as }) => as === 'value')
        if (blind.length === 0) continue
        yield {
          path: ['secrets', name, 'onRotate'],
          message: `expected \`restart\` or \`signal\` beside a rotation every ${time(rotateEvery)}, found \`nothing\` with ${names([...new Set(blind.map(({ by }) => by))])} holding it as a variable`,
          hint: "set `onRotate: 'restart'`, or hand it over as a file that is read again (`as: 'file'`)",
        }
      }
    },
  }),
  refusal({
    code: 'SW1804',
    title: 'Rotation faster than the source is read',
    meaning: 'A new value is due before the last one was ever read, so services hold values that are no longer valid.',
    *check({ fleet }) {
      for (const [name, { rotateEvery, refresh }] of Object.entries(fleet.secrets)) {
        if (rotateEvery === undefined || rotateEvery > refresh) continue
        yield {
          path: ['secrets', name, 'rotateEvery'],
          message: `expected more than ${time(refresh)} (\`refresh\`), found ${time(rotateEvery)}`,
          hint: `set refresh to ${time(Math.max(1, Math.floor(rotateEvery / 4)))}, or rotate less often`,
        }
      }
    },
  }),
  refusal({
    code: 'SW1805',
    title: 'Security exception past its day',
    meaning: 'A service was allowed to be less than restricted for a while; the while is over.',
    *check(context) {
      for (const { program, kind } of programsOf(context)) {
        for (const [index, exception] of program.security.entries()) {
          const path = [kind, program.name, 'security', index]
          if (exception.until < context.today) {
            yield {
              path: [...path, 'until'],
              message: `expected a day from ${context.today} on, found ${exception.until} (\`${exception.allow}\`: ${exception.reason})`,
              hint: 'take the exception away, or look at it again and set a new day',
            }
          }
          if ((exception.allow === 'capability') !== (exception.capability !== undefined)) {
            yield {
              path,
              message: `expected the name of a capability with \`allow: capability\` only, found ${exception.capability ?? 'none'} with \`${exception.allow}\``,
              hint: "write `{ allow: 'capability', capability: 'NET_BIND_SERVICE', ... }`",
            }
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1806',
    title: 'Vault secret without a Vault',
    meaning: 'External Secrets has to be told which server to read from.',
    *check({ fleet, environment }) {
      if (environment.engine !== 'kubernetes' || environment.secrets !== 'external-secrets') return
      if (environment.secretStore !== undefined) return
      const kept = Object.entries(fleet.secrets).filter(([, { from }]) => from.startsWith('vault:'))
      if (kept.length === 0) return
      yield {
        path: ['environments', environment.name, 'secretStore'],
        message: `expected the address of the Vault server for ${names(kept.map(([name]) => name))}, found none`,
        hint: "add `secretStore: 'https://vault.example.com'`",
      }
    },
  }),
  warning({
    code: 'SW2801',
    title: 'Secret that nobody uses',
    meaning: 'A secret that is read, refreshed and rotated for nobody in any environment is only a risk.',
    everywhere: true,
    *check(context) {
      const users = usersOf(context)
      for (const name of Object.keys(context.fleet.secrets)) {
        if (users.has(name)) continue
        yield {
          path: ['secrets', name],
          message: 'expected a service, job or protection that uses it, found none',
          hint: 'hand it to a service under `env`, or take it away',
        }
      }
    },
  }),
  warning({
    code: 'SW2802',
    title: 'Plain secrets in production',
    meaning: 'Rendered as plain Secret objects, values stand base64-encoded in files and in the cluster’s store.',
    *check({ environment, production, fleet }) {
      if (!production || environment.engine !== 'kubernetes' || environment.secrets !== 'plain') return
      if (Object.keys(fleet.secrets).length === 0) return
      yield {
        path: ['environments', environment.name, 'secrets'],
        message: 'expected `external-secrets` or `age` in production, found `plain`',
        hint: "set `secrets: 'external-secrets'` with a `secretStore`, or `secrets: 'age'`",
      }
    },
  }),
]

interface Program {
  readonly program: Service | Job
  readonly kind: 'services' | 'jobs'
}

function* programsOf({ services, jobs }: Context): Iterable<Program> {
  for (const program of services) yield { program, kind: 'services' }
  for (const program of jobs) yield { program, kind: 'jobs' }
}

function* literalsOf(context: Context): Iterable<{
  readonly variable: string
  readonly value: string
  readonly path: readonly PathStep[]
}> {
  const { environment } = context
  for (const { program, kind } of programsOf(context)) {
    for (const [variable, value] of Object.entries(program.env)) {
      // The environment's own variables come along in every program and are looked at once, below.
      if (typeof value !== 'string' || environment.env[variable] === value) continue
      yield { variable, value, path: [kind, program.name, 'env', variable] }
    }
    for (const [variable, value] of Object.entries(program.build?.args ?? {})) {
      yield { variable, value, path: [kind, program.name, 'build', 'args', variable] }
    }
  }
  for (const [variable, value] of Object.entries(environment.env)) {
    yield { variable, value, path: ['environments', environment.name, 'env', variable] }
  }
}

interface Use {
  readonly by: string
  readonly as: 'value' | 'file'
}

/** Who uses each secret; what the gateway checks tokens with is re-read by it, so it counts as a file. */
function usersOf(context: Context): ReadonlyMap<string, readonly Use[]> {
  const users = new Map<string, Use[]>()
  const note = (secret: string | undefined, use: Use): void => {
    if (secret === undefined) return
    const list = users.get(secret)
    if (list) list.push(use)
    else users.set(secret, [use])
  }
  for (const { program } of programsOf(context)) {
    for (const value of Object.values(program.env)) {
      if (typeof value === 'object') note(value.secret, { by: program.name, as: value.as })
    }
  }
  for (const { name, protect } of context.services) {
    note(protect.auth?.jwt?.secret, { by: name, as: 'file' })
    note(protect.auth?.apiKey?.secret, { by: name, as: 'file' })
  }
  return users
}
