import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { isOpen } from './origin.ts'
import { caddy, haproxy, type Launch, nginx } from './peer-configs.ts'

/** What a proxy is to do. */
export interface ProxyTask {
  readonly originPort: number
  /** Routes besides the one that matches. */
  readonly routes: number
  readonly tls?: { readonly certFile: string; readonly keyFile: string }
}

/** A proxy that runs. */
export interface RunningProxy {
  readonly pid: number
  readonly port: number
  stop(): void
}

/** A kind of proxy; `missing` says why it cannot run here. */
export interface ProxyKind {
  readonly name: string
  missing(): string | undefined
  start(task: ProxyTask): Promise<RunningProxy>
}

/** Our own engine, with its access log and counters on. */
export const ours: ProxyKind = script('seaworthy', 'gateway-process.ts', undefined, { ENGINE: 'own' })

/** All peers, each on one thread. */
export const peers: readonly ProxyKind[] = [
  debian('nginx', nginx),
  debian('haproxy', haproxy),
  debian('caddy', caddy),
  script('@fastify/http-proxy', 'fastify-proxy.ts', '@fastify/http-proxy'),
  script('our node-http engine', 'gateway-process.ts', undefined, { ENGINE: 'node-http' }),
]

function debian(name: string, launch: Launch): ProxyKind {
  return {
    name,
    missing: () => (has(name) ? undefined : `${name} is not installed (apt-get install ${name})`),
    async start(task) {
      const port = await freePort()
      const { args, env } = launch(task, mkdtempSync(join(tmpdir(), `seaworthy-${name}-`)), port)
      return await running(spawn(name, args, { stdio: 'ignore', env: { ...process.env, ...env } }), port)
    },
  }
}

function script(name: string, file: string, needs: string | undefined, env: Record<string, string> = {}): ProxyKind {
  return {
    name,
    missing: () =>
      needs === undefined || resolves(needs)
        ? undefined
        : `${needs} is not installed (npm install --no-save ${needs} fastify)`,
    async start(task) {
      const port = await freePort()
      const child = spawn(process.execPath, [join(import.meta.dirname, file)], {
        stdio: 'ignore',
        env: { ...process.env, ...env, TASK: JSON.stringify(task), PORT: String(port) },
      })
      return await running(child, port)
    },
  }
}

/** Waits until the proxy listens, and binds it to the first core. */
async function running(child: ChildProcess, port: number): Promise<RunningProxy> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (await isOpen(port)) {
      spawn('taskset', ['-apc', '0', String(child.pid)], { stdio: 'ignore' })
      return { pid: child.pid ?? 0, port, stop: () => child.kill('SIGTERM') }
    }
    if (child.exitCode !== null) break
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  child.kill('SIGKILL')
  throw new Error(`${child.spawnargs.join(' ')} did not listen on ${port}`)
}

/** Whether a program is on the path. */
export function has(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function resolves(name: string): boolean {
  try {
    import.meta.resolve(name)
    return true
  } catch {
    return false
  }
}
