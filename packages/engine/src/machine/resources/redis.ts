import { chownSync } from 'node:fs'
import { join } from 'node:path'
import type { Redis } from '@seaworthy/model'
import { engineProblem } from '../../problem-codes.ts'
import type { Launch } from '../launch/launch.ts'
import { findUser, type MachineUser } from '../launch/run-as.ts'
import { findExecutable } from '../process/command.ts'
import { replaceFile } from '../state/atomic-file.ts'
import { dataDirectory, dataPassword } from './data-directory.ts'

/** Where a Redis of ours is made and kept. */
export interface RedisPlace {
  readonly stateDir: string
  readonly port: number
  readonly path: string
  readonly setpriv?: string
}

/** The URL that services get, password included. */
export function redisUrl(resource: Redis, place: Pick<RedisPlace, 'stateDir' | 'port'>): string {
  return `redis://:${dataPassword(place.stateDir, folderName(resource), serverUser())}@127.0.0.1:${place.port}`
}

/** What it takes to start a Redis (or Valkey) of this machine. Throws SW4032 when there is none. */
export function redisLaunch(resource: Redis, place: RedisPlace): Launch {
  const file = findExecutable('redis-server', '/', place.path) ?? findExecutable('valkey-server', '/', place.path)
  if (file === undefined) {
    throw engineProblem({
      code: 'SW4032',
      message: `${resource.name} needs a Redis, and neither redis-server nor valkey-server is in PATH.`,
      where: { path: `redis.${resource.name}` },
      hint: 'Install one (`apt-get install redis-server`, `brew install redis`), or give the resource the `url` of a server that runs.',
    })
  }
  const user = serverUser()
  const directory = dataDirectory(place.stateDir, folderName(resource), user)
  const password = dataPassword(place.stateDir, folderName(resource), serverUser())
  const lines = [
    'bind 127.0.0.1',
    `port ${place.port}`,
    `dir "${directory}"`,
    `requirepass ${password}`,
    `maxmemory ${resource.maxMemory}`,
    `maxmemory-policy ${resource.eviction}`,
    `appendonly ${resource.persist ? 'yes' : 'no'}`,
    ...(resource.persist ? [] : ['save ""']),
    'daemonize no',
  ]
  // A file, because everyone can read a command line.
  const settings = join(directory, 'redis.conf')
  replaceFile(settings, `${lines.join('\n')}\n`, 0o400)
  if (user) chownSync(settings, user.uid, user.gid)
  return {
    request: {
      file,
      args: [settings],
      cwd: directory,
      env: { PATH: place.path },
      ...(user && { user }),
      ...(place.setpriv && { setpriv: place.setpriv }),
    },
    address: `127.0.0.1:${place.port}`,
    masks: [password],
    stopSignal: 'SIGTERM',
    cleanUp: async () => {},
  }
}

function serverUser(): MachineUser | undefined {
  return process.getuid?.() === 0 ? (findUser('redis') ?? findUser('nobody')) : undefined
}

function folderName(resource: Redis): string {
  return `redis-${resource.name}`
}
