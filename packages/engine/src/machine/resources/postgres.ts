import { execFile } from 'node:child_process'
import { chownSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Postgres } from '@seaworthy/model'
import { engineProblem } from '../../problem-codes.ts'
import type { Launch } from '../launch/launch.ts'
import { findUser, type MachineUser } from '../launch/run-as.ts'
import { dataDirectory, dataPassword } from './data-directory.ts'
import { findPostgres, type PostgresBinaries } from './postgres-binaries.ts'

/** The one role that the fleet's services connect as; owner of its database. */
const role = 'seaworthy'

/** Where a PostgreSQL of ours is made and kept. */
export interface PostgresPlace {
  readonly stateDir: string
  readonly port: number
  readonly path: string
  readonly setpriv?: string
}

/** The URL that services get, password included. */
export function postgresUrl(resource: Postgres, place: Pick<PostgresPlace, 'stateDir' | 'port'>): string {
  const password = dataPassword(place.stateDir, folderName(resource), serverUser())
  return `postgres://${role}:${password}@127.0.0.1:${place.port}/${databaseOf(resource)}`
}

/**
 * What it takes to start a PostgreSQL: its data directory made (once) with `initdb` and its database created, before
 * it listens. PostgreSQL refuses to run as root, so a controller that is root steps down to the user `postgres`, or `nobody`.
 */
export async function postgresLaunch(resource: Postgres, place: PostgresPlace): Promise<Launch> {
  const user = serverUser()
  const directory = dataDirectory(place.stateDir, folderName(resource), user)
  const made = dataVersion(directory)
  const binaries = findPostgres(resource.version ?? made, user, place.path)
  if (made !== undefined && made !== binaries.version) {
    throw engineProblem({
      code: 'SW4033',
      message: `The data of ${resource.name} in ${directory} are PostgreSQL ${made}'s; the catalog asks for ${binaries.version}.`,
      where: { path: `postgres.${resource.name}.version` },
      hint: `Set version: ${made}, or dump them with ${made} and restore into a new directory.`,
    })
  }
  const password = dataPassword(place.stateDir, folderName(resource), serverUser())
  const run = runner(binaries, directory, user)
  if (made === undefined) await initialise(resource, directory, password, run, user)
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(place.port),
    unix_socket_directories: '',
    max_connections: String(resource.maxConnections),
    logging_collector: 'off',
  }
  return {
    request: {
      file: join(binaries.directory, 'postgres'),
      args: ['-D', directory, ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])],
      cwd: directory,
      env: { PATH: place.path, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', PGDATA: directory },
      ...(user && { user }),
      ...(place.setpriv && { setpriv: place.setpriv }),
    },
    address: `127.0.0.1:${place.port}`,
    masks: [password],
    // Fast shutdown: sessions are ended, nothing is lost.
    stopSignal: 'SIGINT',
    cleanUp: async () => {},
  }
}

async function initialise(
  resource: Postgres,
  directory: string,
  password: string,
  run: Run,
  user: MachineUser | undefined,
): Promise<void> {
  // What a killed initdb left cannot be trusted and holds nobody's data yet.
  for (const name of ['PG_VERSION.part', 'initialising'])
    rmSync(join(directory, name), { recursive: true, force: true })
  const passwordCopy = `${directory}.password`
  writeFileSync(passwordCopy, password, { mode: 0o600 })
  if (user) chownSync(passwordCopy, user.uid, user.gid)
  const fresh = join(directory, 'initialising')
  try {
    await run('initdb', [
      '-D',
      fresh,
      '-U',
      role,
      '--auth=scram-sha-256',
      `--pwfile=${passwordCopy}`,
      '--encoding=UTF8',
      '--locale=C.UTF-8',
    ])
    await run(
      'postgres',
      ['--single', '-D', fresh, 'postgres'],
      `CREATE DATABASE "${databaseOf(resource).replaceAll('"', '""')}" OWNER "${role}";\n`,
    )
    // Moved into place in one step, PG_VERSION last: a directory that has it is whole.
    await moveInto(fresh, directory)
  } finally {
    rmSync(passwordCopy, { force: true })
  }
}

async function moveInto(from: string, to: string): Promise<void> {
  const { readdirSync, renameSync, rmdirSync } = await import('node:fs')
  const names = readdirSync(from).toSorted((a, b) => Number(a === 'PG_VERSION') - Number(b === 'PG_VERSION'))
  for (const name of names) {
    rmSync(join(to, name), { recursive: true, force: true })
    renameSync(join(from, name), join(to, name))
  }
  rmdirSync(from)
}

type Run = (program: 'initdb' | 'postgres', args: readonly string[], input?: string) => Promise<void>

function runner(binaries: PostgresBinaries, cwd: string, user: MachineUser | undefined): Run {
  return (program, args, input) =>
    new Promise((resolve, reject) => {
      const child = execFile(
        join(binaries.directory, program),
        args,
        {
          cwd,
          env: { LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' },
          timeout: 120_000,
          ...(user && { uid: user.uid, gid: user.gid }),
        },
        (error, stdout, stderr) => {
          if (!error) return resolve()
          const said = `${stderr}${stdout}`.trim().split('\n').slice(-3).join(' / ')
          reject(
            engineProblem({
              code: 'SW4031',
              message: `${program} (${binaries.origin}) failed: ${said || error.message}`,
              cause: error,
            }),
          )
        },
      )
      child.stdin?.end(input ?? '')
    })
}

function databaseOf(resource: Postgres): string {
  return resource.database ?? resource.name
}

/** PostgreSQL refuses to run as root: a controller that is root steps down. */
function serverUser(): MachineUser | undefined {
  return process.getuid?.() === 0 ? (findUser('postgres') ?? findUser('nobody')) : undefined
}

function folderName(resource: Postgres): string {
  return `postgres-${resource.name}`
}

function dataVersion(directory: string): number | undefined {
  const file = join(directory, 'PG_VERSION')
  return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : undefined
}
