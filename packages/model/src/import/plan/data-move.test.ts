import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ComposeOrigin } from '../compose/origin.ts'
import type { DraftPart } from '../draft.ts'
import { type DataMove, dataMove } from './data-move.ts'

const at = { file: 'compose.yaml', line: 1 }
const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

function move(
  part: Partial<DraftPart> & Pick<DraftPart, 'kind' | 'name'>,
  origin: Partial<ComposeOrigin> = {},
): DataMove {
  const made = dataMove(
    { spec: {}, remarks: {}, at, ...part },
    { ref: { kind: part.kind, name: part.name }, key: part.name, volumes: [], folders: [], published: [], ...origin },
    'shop',
  )
  if (!made) throw new Error('nothing to move')
  return made
}

/** A folder in which `docker` and `kubectl` run what they are given right here: one on the side of Compose, one on that of the cluster. */
function sides(folder: string, wrap: { readonly compose: string; readonly cluster: string }): NodeJS.ProcessEnv {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  const script = (name: string, text: string): void => {
    writeFileSync(join(bin, name), `#!/bin/bash\n${text}`)
    chmodSync(join(bin, name), 0o755)
  }
  script(
    'docker',
    `case "$*" in
  "compose ps "*) echo id; exit ;;
  "compose cp "*) cp "\${3#*:}" "$4"; exit ;;
  "compose exec -T "*) shift 4 ;;
  "run --rm --volumes-from "*) shift 5 ;;
esac
${wrap.compose}`,
  )
  script(
    'kubectl',
    `case "$*" in
  *" wait "*) ${'until redis-cli -p "$CLUSTER_PORT" ping >/dev/null 2>&1; do sleep 0.1; done'}; exit ;;
esac
shift 6
${wrap.cluster}`,
  )
  return { ...process.env, PATH: `${bin}:${process.env.PATH}` }
}

function run(commands: readonly string[], cwd: string, env: NodeJS.ProcessEnv): string {
  return commands
    .map((command) => execFileSync('bash', ['-ec', command], { cwd, env, encoding: 'utf8', stdio: 'pipe' }))
    .join('')
}

describe('files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-files-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it('arrive as they left, and the comparison shows it', () => {
    const before = join(folder, 'before')
    const after = join(folder, 'after')
    for (const side of [before, after]) mkdirSync(side)
    writeFileSync(join(before, 'a b.txt'), 'one')
    mkdirSync(join(before, 'deep'))
    writeFileSync(join(before, 'deep/two.bin'), Buffer.from([0, 255, 10]))
    // Both sides see their own folder where the container had /uploads.
    const onSide = (side: string): string =>
      `arguments=(); for one in "$@"; do arguments+=("\${one//\\/uploads/${side.replaceAll('/', '\\/')}}"); done; exec "\${arguments[@]:START}"`
    const env = sides(folder, {
      compose: onSide(before).replace('START', '0'),
      cluster: onSide(after).replace('START', '0'),
    })
    const files = move(
      { kind: 'service', name: 'api', spec: { storage: { '/uploads': '1Gi' } } },
      { volumes: [{ volume: 'uploads', target: '/uploads' }] },
    )
    run(files.take, folder, env)
    const [pair] = files.compare
    expect(run([pair?.[0] ?? ''], folder, env)).not.toBe(run([pair?.[1] ?? ''], folder, env))
    run(files.bring, folder, env)
    expect(run([pair?.[0] ?? ''], folder, env)).toBe(run([pair?.[1] ?? ''], folder, env))
  })
})

describe.skipIf(!has('redis-server'))(
  has('redis-server') ? 'keys of Redis' : 'skipped: redis-server is not installed',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'seaworthy-redis-'))
    const servers: ChildProcess[] = []
    const ports: number[] = []
    const data = join(folder, 'cluster')

    const start = (port: number, directory: string, ...more: string[]): void => {
      servers.push(
        spawn('redis-server', ['--port', String(port), '--dir', directory, '--bind', '127.0.0.1', ...more], {
          stdio: 'ignore',
          detached: true,
        }),
      )
    }
    const cli = (port: number | undefined, ...words: string[]): string =>
      execFileSync('redis-cli', ['-p', String(port), ...words], { encoding: 'utf8' })

    beforeAll(async () => {
      for (const name of ['compose', 'cluster']) mkdirSync(join(folder, name))
      ports.push(await freePort(), await freePort())
      start(ports[0] ?? 0, join(folder, 'compose'), '--repl-diskless-sync-delay', '0')
      // The cluster starts a container again when it ends; so does this loop.
      servers.push(
        spawn(
          'bash',
          [
            '-c',
            `while true; do redis-server --port ${ports[1]} --dir ${data} --bind 127.0.0.1 --appendonly yes & wait $!; done`,
          ],
          { stdio: 'ignore', detached: true },
        ),
      )
      for (const port of ports) spawnSync('bash', ['-c', `until redis-cli -p ${port} ping; do sleep 0.05; done`])
    })
    afterAll(async () => {
      for (const server of servers) {
        const ended = new Promise((resolve) => server.once('exit', resolve))
        // Its whole group: the loop may be between two servers.
        if (server.pid !== undefined) process.kill(-server.pid, 'SIGKILL')
        await ended
      }
      rmSync(folder, { recursive: true, force: true })
    })

    it('arrive as they left in a server that keeps an append-only file, and what was there is gone', () => {
      cli(ports[0], 'eval', "for i = 0, 99 do redis.call('set', 'key ' .. i, 'value ' .. i) end", '0')
      cli(ports[1], 'set', 'old', 'x')
      const env = {
        ...sides(folder, {
          compose: `[ "$1" = redis-cli ] && exec redis-cli -p ${ports[0]} "\${@:2}"; exec "$@"`,
          cluster: `[ "$1" = redis-cli ] && exec redis-cli -p ${ports[1]} "\${@:2}"; exec "$1" "$2" "\${3//\\/data/${data.replaceAll('/', '\\/')}}"`,
        }),
        CLUSTER_PORT: String(ports[1]),
      }
      const redis = move({ kind: 'redis', name: `cache-${process.pid}` }, { key: 'cache' })
      run([...redis.take, ...redis.bring], folder, env)
      const [pair] = redis.compare
      expect([run([pair?.[0] ?? ''], folder, env), run([pair?.[1] ?? ''], folder, env)]).toEqual(['100\n', '100\n'])
      expect([cli(ports[1], 'get', 'key 99'), cli(ports[1], 'get', 'old')]).toEqual(['value 99\n', '\n'])
      rmSync(`/tmp/cache-${process.pid}.rdb`, { force: true })
    })
  },
)

function freePort(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  const server = createServer().listen(0, '127.0.0.1', () => {
    const address = server.address()
    server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
  })
  return promise
}
