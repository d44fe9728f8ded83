import fc from 'fast-check'
import { postgres, redis, volume } from '../../author/parts.ts'
import type { BackupSpec, PostgresSpec } from '../../authored.generated.ts'
import type { FleetDocument } from '../../document.ts'
import { api, between, example, oneOf, production, type RuleExample, shop } from './example.ts'

const withDatabase = (spec: PostgresSpec): FleetDocument => shop({ postgres: [postgres('db', spec)] })
const withBackup = (backup: BackupSpec, storage: PostgresSpec['storage'] = '20Gi'): FleetDocument =>
  withDatabase({ backup, storage })

const minutes = between(2, 2000)
const gap = between(1, 1000)

/** Examples of rules on data. */
export const dataExamples: readonly RuleExample[] = [
  example(
    'SW1101',
    ({ every, rpo }) => withBackup({ every: `${every}m`, rpo: `${rpo}m` }),
    fc.tuple(minutes, gap).map(([rpo, more]) => ({ rpo, every: rpo + more })),
    fc.tuple(minutes, between(0, 1000)).map(([every, more]) => ({ every, rpo: every + more })),
  ),
  example(
    'SW1101',
    ({ schedule, rpo }) => withBackup({ schedule, rpo: `${rpo}h` }),
    oneOf(
      { schedule: '0 2 * * *', rpo: 1 },
      { schedule: '0 2 * * *', rpo: 23 },
      { schedule: '0 */6 * * *', rpo: 5 },
      { schedule: '0 2 * * 1-5', rpo: 71 },
    ),
    oneOf(
      { schedule: '0 2 * * *', rpo: 24 },
      { schedule: '0 */6 * * *', rpo: 6 },
      { schedule: '0 2 * * 1-5', rpo: 72 },
      { schedule: '0 * * * *', rpo: 1 },
    ),
  ),
  example(
    'SW1101',
    ({ archive, rpo }) =>
      withBackup({ schedule: '0 2 * * *', continuous: true, archiveEvery: `${archive}m`, rpo: `${rpo}m` }),
    fc.tuple(between(1, 60), between(1, 60)).map(([rpo, more]) => ({ rpo, archive: rpo + more })),
    fc.tuple(between(1, 60), between(0, 60)).map(([archive, more]) => ({ archive, rpo: archive + more })),
  ),
  example<BackupSpec>(
    'SW1102',
    withBackup,
    fc.oneof(
      minutes.map((rpo) => ({ rpo: `${rpo}m` as const })),
      minutes.map((rto) => ({ rto: `${rto}m` as const })),
    ),
    fc.oneof(
      minutes.map((rto) => ({ rto: `${rto}m` as const, every: '1h' as const })),
      minutes.map((rpo) => ({ rpo: `${rpo}m` as const, schedule: '0 2 * * *' })),
      fc.constant({ continuous: true, rpo: '1h' as const }),
      fc.constant({}),
    ),
  ),
  example(
    'SW1103',
    (continuous) =>
      shop({
        redis: [redis('cache', { backup: { every: '1h', continuous } })],
        volumes: [volume('files', { storage: '1Gi', backup: { every: '1h', continuous } })],
        postgres: [postgres('db', { backup: { continuous: true } })],
      }),
    fc.constant(true),
    fc.constant(false),
  ),
  example<BackupSpec>(
    'SW1104',
    withBackup,
    minutes.map((every) => ({ every: `${every}m`, schedule: '0 2 * * *' })),
    fc.oneof(
      minutes.map((every) => ({ every: `${every}m` as const })),
      fc.constant({ schedule: '0 2 * * *' }),
    ),
  ),
  example(
    'SW1105',
    ({ size, rto }) => withBackup({ every: '1h', rto: `${rto}s` }, `${size}Gi`),
    between(100, 10_000).map((size) => ({ size, rto: Math.floor((size * 2 ** 30) / 1.25e9) - 1 })),
    between(100, 10_000).map((size) => ({ size, rto: Math.ceil((size * 2 ** 30) / 1.25e9) })),
  ),
  example(
    'SW2101',
    ({ every, rpo }) => withBackup({ every: `${every}s`, rpo: `${rpo}s` }),
    between(100, 100_000).map((every) => ({ every, rpo: Math.floor(every * 1.04) })),
    between(100, 100_000).map((every) => ({ every, rpo: Math.ceil(every * 1.05) })),
  ),
  example(
    'SW2102',
    ({ size, rto }) => withBackup({ every: '1h', rto: `${rto}m` }, `${size}Gi`),
    between(20, 2000).map((size) => ({ size, rto: Math.ceil((size * 2 ** 30) / 35e6 / 60) - 1 })),
    between(20, 2000).map((size) => ({ size, rto: Math.ceil((size * 2 ** 30) / 35e6 / 60) })),
  ),
  example<BackupSpec>(
    'SW2103',
    withBackup,
    minutes.map((rto) => ({ every: '1h', rto: `${rto}m` })),
    fc.oneof(
      minutes.map((rto) => ({ every: '1h' as const, rto: `${rto}m` as const, drill: '0 4 * * 1' })),
      fc.constant({ every: '1h' as const }),
    ),
  ),
  example<BackupSpec | undefined>(
    'SW2104',
    (backup) =>
      shop({ environments: [production()], postgres: [postgres('db', backup === undefined ? {} : { backup })] }),
    fc.constantFrom(undefined, {}, { remote: ['s3:bucket/db'] }),
    fc.constantFrom({ every: '1d' as const }, { schedule: '0 2 * * *' }, { continuous: true }),
  ),
  example<readonly string[]>(
    'SW2105',
    (remote) => shop({ environments: [production()], postgres: [postgres('db', { backup: { every: '1d', remote } })] }),
    fc.constant([]),
    fc.constantFrom(['s3:bucket/db'], ['sftp:host:/backups', 's3:bucket/db']),
  ),
  example(
    'SW1110',
    (access) =>
      shop({
        postgres: [postgres('db', { storage: { size: '20Gi', access } })],
        volumes: [volume('files', { storage: { size: '1Gi', access: 'many' } })],
      }),
    oneOf('many', 'many-readers'),
    fc.constant('one' as const),
  ),
  example<PostgresSpec>(
    'SW1111',
    withDatabase,
    between(2, 9).map((replicas) => ({ replicas })),
    fc.oneof(
      between(2, 9).map((replicas) => ({ replicas, operator: 'cloudnative-pg' as const })),
      fc.constant({ replicas: 1 }),
    ),
  ),
  example(
    'SW1112',
    ({ replicas, maxConnections }) => {
      const db = postgres('db', { maxConnections })
      return shop({ services: [api({ replicas, needs: [db] })] })
    },
    between(5, 500).map((replicas) => ({ replicas, maxConnections: replicas + 2 })),
    between(5, 500).map((replicas) => ({ replicas, maxConnections: replicas + 3 })),
  ),
  example(
    'SW2110',
    ({ replicas, maxConnections }) => {
      const db = postgres('db', { maxConnections })
      return shop({ services: [api({ replicas, needs: [db] })] })
    },
    between(1, 500).map((replicas) => ({ replicas, maxConnections: replicas * 10 + 2 })),
    between(1, 500).map((replicas) => ({ replicas, maxConnections: replicas * 10 + 3 })),
  ),
  example(
    'SW1113',
    ({ access, replicas, readOnly }) => {
      const files = volume('files', { storage: { size: '1Gi', access } })
      return shop({
        environments: [production()],
        services: [api({ replicas, needs: [{ on: files, mount: '/data', readOnly }] })],
      })
    },
    fc.oneof(
      between(2, 9).map((replicas) => ({ access: 'one' as const, replicas, readOnly: false })),
      between(1, 9).map((replicas) => ({ access: 'many-readers' as const, replicas, readOnly: false })),
    ),
    fc.oneof(
      fc.constant({ access: 'one' as const, replicas: 1, readOnly: false }),
      between(1, 9).map((replicas) => ({ access: 'many' as const, replicas, readOnly: false })),
      between(1, 9).map((replicas) => ({ access: 'many-readers' as const, replicas, readOnly: true })),
    ),
  ),
  example<{ readonly mounts: readonly string[]; readonly disk?: string }>(
    'SW1114',
    ({ mounts, disk }) =>
      shop({
        services: [
          api({
            needs: mounts.map((mount, index) => ({ on: volume(`files-${index}`, { storage: '1Gi' }), mount })),
            ...(disk !== undefined && { storage: { [disk]: '1Gi' as const } }),
          }),
        ],
      }),
    fc.constantFrom(
      { mounts: ['/data', '/data'] },
      { mounts: ['/data', '/data/'] },
      { mounts: ['/data'], disk: '/data' },
    ),
    fc.constantFrom({ mounts: ['/data', '/more'] }, { mounts: ['/data'], disk: '/var/lib' }, { mounts: [] }),
  ),
  example(
    'SW2111',
    ({ memory, storage, persist }) =>
      shop({ redis: [redis('cache', { maxMemory: `${memory}Mi`, storage: `${storage}Mi`, persist })] }),
    between(1, 4096).map((memory) => ({ memory, storage: memory * 2 - 1, persist: true })),
    fc.oneof(
      between(1, 4096).map((memory) => ({ memory, storage: memory * 2, persist: true })),
      between(1, 4096).map((memory) => ({ memory, storage: 1, persist: false })),
    ),
  ),
]
