import * as model from '@seaworthy/model'
import fc from 'fast-check'

interface Draw {
  readonly seed: readonly {
    readonly cpu: number
    readonly replicas: number
    readonly scaled: boolean
    readonly routed: boolean
    readonly disk: boolean
    readonly gpu: boolean
    readonly worker: boolean
    readonly word: string
    readonly overlaid: boolean
  }[]
  readonly autoscaler: 'hpa' | 'keda'
  readonly ingress: 'none' | 'ingress' | 'gateway-api'
  readonly operator: 'none' | 'cloudnative-pg'
  readonly quota: boolean
}

const draw: fc.Arbitrary<Draw> = fc.record({
  seed: fc.array(
    fc.record({
      cpu: fc.integer({ min: 50, max: 4000 }),
      replicas: fc.integer({ min: 1, max: 9 }),
      scaled: fc.boolean(),
      routed: fc.boolean(),
      disk: fc.boolean(),
      gpu: fc.boolean(),
      worker: fc.boolean(),
      word: fc.oneof(
        fc.string({ maxLength: 12 }),
        fc.constantFrom(
          'yes',
          'no',
          '08',
          '1e3',
          '2020-01-01',
          '{{ x }}',
          '"',
          "'",
          'a: b',
          '- a',
          '#',
          '@@0@@',
          '~',
          '',
        ),
      ),
      overlaid: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  autoscaler: fc.constantFrom('hpa', 'keda'),
  ingress: fc.constantFrom('none', 'ingress', 'gateway-api'),
  operator: fc.constantFrom('none', 'cloudnative-pg'),
  quota: fc.boolean(),
})

/** Fleets of every shape that rendering treats differently, each resolved for its three environments. */
export const fleets: fc.Arbitrary<readonly model.Fleet[]> = draw.map(
  ({ seed, autoscaler, ingress, operator, quota }) => {
    const db = model.postgres('db', { storage: '20Gi', operator })
    const cache = model.redis('cache')
    const shared = model.volume('shared', { storage: { size: '10Gi', access: 'many' } })
    const key = model.secret('api-key')
    const migrate = model.job('migrate', { run: 'node migrate.ts', needs: [{ on: db, as: 'DATABASE' }] })
    const nightly = model.job('nightly', { run: ['node', 'nightly.ts'], schedule: '0 2 * * *' })
    const services = seed.map((one, i) =>
      model.service(`s${i}`, {
        run: 'node main.ts',
        ...(one.worker ? { protocol: 'worker' as const } : { port: 3000 + i, health: '/health/ready' as const }),
        needs: [{ on: db, as: 'DATABASE' }, cache, { on: shared, mount: '/data' }],
        env: { WORD: one.word, API_KEY: key, FILED: { secret: key, as: 'file' } },
        cpu: `${one.cpu}m`,
        ...(one.scaled
          ? {
              scale: {
                min: 1,
                max: one.replicas + 1,
                cpu: '70%' as const,
                schedule: [{ cron: '0 8 * * 1-5', for: '10h' as const, min: 1 }],
              },
            }
          : { replicas: one.replicas }),
        ...(one.routed && !one.worker && { routes: [`s${i}.example.com/v1` as const] }),
        ...(one.disk && { storage: { '/var/lib/data': '5Gi' as const } }),
        ...(one.gpu && { gpu: 1 }),
        ...(one.overlaid && {
          on: {
            staging: { env: { WORD: `${one.word}!` }, memory: '512Mi' as const },
            production: {
              kubernetes: [{ kind: 'Deployment', merge: { metadata: { annotations: { note: one.word } } } }],
            },
          },
        }),
      }),
    )
    const environment = (name: string, more: object): ReturnType<typeof model.environment> =>
      model.environment(name, { engine: 'kubernetes', namespace: `shop-${name}`, autoscaler, ingress, ...more })
    const document = model.fleet('shop', {
      services,
      jobs: [migrate, nightly],
      environments: [
        environment('production', {
          secretStore: 'https://vault.example.com',
          domain: 'example.com',
          tls: 'cert-manager',
          ...(quota && { quota: { cpu: 100, memory: '200Gi' } }),
        }),
        environment('staging', {}),
        environment('development', { secrets: 'plain' }),
      ],
    })
    return ['production', 'staging', 'development'].map((name) => model.resolve(document, name))
  },
)
