// biome-ignore-all lint/suspicious/noTemplateCurlyInString: some of these are a shell's
import type { ComposeOrigin } from '../compose/origin.ts'
import type { DraftPart } from '../draft.ts'
import { knownImage, readImageName } from '../image.ts'

/** How the data of one part get from Compose into the cluster. */
export interface DataMove {
  /** Part of the fleet that the data belong to. */
  readonly part: string
  /** What it is, in words. */
  readonly what: string
  /** Takes the data out of the running Compose service. */
  readonly take: readonly string[]
  /** Brings them into the cluster. */
  readonly bring: readonly string[]
  /** Shows that what arrived is what left; both sides print the same. */
  readonly compare: readonly (readonly [before: string, after: string])[]
}

/** Counts the rows of every table exactly; a file, because no shell's quotes stand around it. */
export const rowsQuery: string = `select table_schema, table_name,
  (xpath('/row/rows/text()', query_to_xml(
    format('select count(*) as rows from %I.%I', table_schema, table_name), false, true, '')))[1]::text as rows
from information_schema.tables
where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')
order by 1, 2;
`

/** The move of a part's data; undefined where it keeps none. */
export function dataMove(part: DraftPart, origin: ComposeOrigin, namespace: string): DataMove | undefined {
  const pod = `kubectl -n ${namespace} exec -i ${part.name}-0 --`
  const compose = `docker compose exec -T ${origin.key}`
  if (part.kind === 'postgres') {
    const user = origin.user ?? 'postgres'
    const database = origin.database ?? user
    const target = typeof part.spec.database === 'string' ? part.spec.database : part.name.replaceAll('-', '_')
    return {
      part: part.name,
      what: `the PostgreSQL database ${database}`,
      take: [`${compose} pg_dump -U ${user} -Fc ${database} > ${part.name}.dump`],
      bring: [`${pod} pg_restore -U app -d ${target} --no-owner --clean --if-exists < ${part.name}.dump`],
      compare: [
        [`${compose} psql -U ${user} -d ${database} -At < rows.sql`, `${pod} psql -U app -d ${target} -At < rows.sql`],
      ],
    }
  }
  if (part.kind === 'redis') {
    if (part.spec.persist === false) return undefined
    return {
      part: part.name,
      what: 'the keys of Redis',
      take: [
        `${compose} redis-cli --rdb /tmp/${part.name}.rdb`,
        `docker compose cp ${origin.key}:/tmp/${part.name}.rdb .`,
      ],
      bring: [
        // A snapshot is a valid beginning of an append-only file, which Redis takes up when it starts without one.
        `${pod} sh -c 'rm -rf /data/appendonlydir && cat > /data/appendonly.aof' < ${part.name}.rdb`,
        `${pod} redis-cli shutdown nosave || true`,
        `kubectl -n ${namespace} wait --for=condition=Ready --timeout=5m pod/${part.name}-0`,
      ],
      compare: [[`${compose} redis-cli dbsize`, `${pod} redis-cli dbsize`]],
    }
  }
  return filesMove(part, origin, namespace)
}

/** Runs a small image on the volumes of a Compose service, whatever the service's own image holds. */
export function besideService(key: string, command: string): string {
  return `docker run --rm --volumes-from "$(docker compose ps -aq ${key})" busybox ${command}`
}

function filesMove(part: DraftPart, origin: ComposeOrigin, namespace: string): DataMove | undefined {
  const targets = Object.keys((part.spec.storage as object | undefined) ?? {})
  const volumes = origin.volumes.filter(({ target }) => targets.includes(target))
  if (part.kind !== 'service' || volumes.length === 0) return undefined
  const dump = dumpOf(origin)
  const pod = `kubectl -n ${namespace} exec -i ${part.name}-0 --`
  if (dump)
    return {
      part: part.name,
      what: dump.what,
      take: dump.take(part.name),
      bring: dump.bring(pod, part.name),
      compare: [],
    }
  return {
    part: part.name,
    what: volumes.map(({ volume, target }) => `the files of the volume ${volume} (${target})`).join(', '),
    take: volumes.map(
      ({ volume, target }) => `${besideService(origin.key, `tar -C ${target} -cf - .`)} > ${volume}.tar`,
    ),
    bring: volumes.map(({ volume, target }) => `${pod} tar -C ${target} -xf - < ${volume}.tar`),
    compare: volumes.map(({ target }) => [
      besideService(origin.key, `sh -c '${checksum(target)}'`),
      `${pod} sh -c '${checksum(target)}'`,
    ]),
  }
}

/** One line for all files of a folder. */
export function checksum(folder: string): string {
  return `cd ${folder} && find . -type f -exec sha256sum {} + | sort -k2 | sha256sum`
}

/** Databases whose files must not be copied while they run, and that have a dump of their own. */
function dumpOf({ key, image = '' }: ComposeOrigin) {
  const compose = `docker compose exec -T ${key}`
  const { repository } = readImageName(image)
  if (/^(mysql|mariadb|percona)$/.test(repository)) {
    const program = repository === 'mariadb' ? 'mariadb' : 'mysql'
    const password = '"${MYSQL_ROOT_PASSWORD:-$MARIADB_ROOT_PASSWORD}"'
    return {
      what: `the databases of ${repository}`,
      take: (name: string) => [
        `${compose} sh -c '${program}dump -uroot -p${password} --all-databases --single-transaction --routines' > ${name}.sql`.replace(
          'mariadbdump',
          'mariadb-dump',
        ),
      ],
      bring: (pod: string, name: string) => [`${pod} sh -c '${program} -uroot -p${password}' < ${name}.sql`],
    }
  }
  if (repository === 'mongo')
    return {
      what: 'the databases of MongoDB',
      take: (name: string) => [`${compose} mongodump --archive > ${name}.archive`],
      bring: (pod: string, name: string) => [`${pod} mongorestore --archive --drop < ${name}.archive`],
    }
  const known = knownImage(image)
  if (known?.data !== undefined && known.protocol === 'tcp')
    return {
      what: `the data of ${repository}, which is stopped while its files are copied`,
      take: (name: string) => [
        `docker compose stop ${key}`,
        `${besideService(key, `tar -C ${known.data} -cf - .`)} > ${name}.tar`,
      ],
      bring: (pod: string, name: string) => [`${pod} tar -C ${known.data} -xf - < ${name}.tar`],
    }
  return undefined
}
