import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

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

/** All peers, each on one thread. */
export const peers: readonly ProxyKind[] = [
  debian('nginx', nginx),
  debian('haproxy', haproxy),
  debian('caddy', caddy),
  script('@fastify/http-proxy', 'fastify-proxy.ts', '@fastify/http-proxy'),
  script('our node-http engine', 'gateway-process.ts', undefined, { ENGINE: 'node-http' }),
]

/** Our own engine, with its access log and counters on. */
export const ours: ProxyKind = script('seaworthy', 'gateway-process.ts', undefined, { ENGINE: 'own' })

type Launch = (task: ProxyTask, directory: string, port: number) => { args: string[]; env?: Record<string, string> }

function debian(name: string, launch: Launch): ProxyKind {
  return {
    name,
    missing: () => (has(name) ? undefined : `${name} is not installed (apt-get install ${name})`),
    async start(task) {
      const directory = mkdtempSync(join(tmpdir(), `seaworthy-${name}-`))
      const port = await freePort()
      const { args, env } = launch(task, directory, port)
      return running(spawn(name, args, { stdio: 'ignore', env: { ...process.env, ...env } }), port)
    },
  }
}

function script(name: string, file: string, needs: string | undefined, env: Record<string, string> = {}): ProxyKind {
  return {
    name,
    missing() {
      if (needs === undefined) return undefined
      try {
        import.meta.resolve(needs)
        return undefined
      } catch {
        return `${needs} is not installed`
      }
    },
    async start(task) {
      const port = await freePort()
      const child = spawn(process.execPath, [join(import.meta.dirname, file)], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, ...env, TASK: JSON.stringify(task), PORT: String(port) },
      })
      return running(child, port)
    },
  }
}

async function running(child: ChildProcess, port: number): Promise<RunningProxy> {
  const { connect } = await import('node:net')
  for (let attempt = 0; attempt < 600; attempt++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true))
      socket.on('error', () => resolve(false))
      socket.on('close', () => resolve(false))
      socket.on('connect', () => socket.destroy())
    })
    if (open) return { pid: child.pid ?? 0, port, stop: () => child.kill('SIGTERM') }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  child.kill('SIGKILL')
  throw new Error(`${child.spawnfile} did not listen on ${port}`)
}

function nginx({ originPort, routes, tls }: ProxyTask, directory: string, port: number): ReturnType<Launch> {
  const other = Array.from({ length: routes }, (_, i) => `location /service-${i}/ { proxy_pass http://origin; }`).join(
    '\n',
  )
  const secure = tls === undefined ? '' : `ssl_certificate ${tls.certFile}; ssl_certificate_key ${tls.keyFile};`
  mkdirSync(join(directory, 'tmp'))
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${directory}/tmp/${kind};`,
  )
  writeFileSync(
    join(directory, 'nginx.conf'),
    `worker_processes 1; daemon off; pid ${directory}/nginx.pid; error_log /dev/null; worker_rlimit_nofile 8192;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 10000000; ${paths.join(' ')}
upstream origin { server 127.0.0.1:${originPort}; keepalive 128; keepalive_requests 10000000; }
server { listen 127.0.0.1:${port}${tls === undefined ? '' : ' ssl'}; ${secure}
proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host;
proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_set_header X-Request-Id $request_id;
location / { proxy_pass http://origin; }
${other} } }`,
  )
  return { args: ['-p', directory, '-c', join(directory, 'nginx.conf')] }
}

function haproxy({ originPort, routes, tls }: ProxyTask, directory: string, port: number): ReturnType<Launch> {
  let secure = ''
  if (tls !== undefined) {
    const pem = join(directory, 'pair.pem')
    writeFileSync(pem, execFileSync('cat', [tls.certFile, tls.keyFile]))
    secure = ` ssl crt ${pem}`
  }
  const other = Array.from({ length: routes }, (_, i) => `/service-${i}/ origin`).join('\n')
  writeFileSync(join(directory, 'routes.map'), `${other}\n`)
  writeFileSync(
    join(directory, 'haproxy.cfg'),
    `global
  nbthread 1
  maxconn 4096
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
  option forwardfor
  http-reuse always
frontend front
  bind 127.0.0.1:${port}${secure}
  ${routes > 0 ? `use_backend %[path,map_beg(${directory}/routes.map,origin)]` : ''}
  default_backend origin
backend origin
  server one 127.0.0.1:${originPort}
`,
  )
  return { args: ['-f', join(directory, 'haproxy.cfg'), '-db'] }
}

function caddy({ originPort, routes, tls }: ProxyTask, directory: string, port: number): ReturnType<Launch> {
  const other = Array.from(
    { length: routes },
    (_, i) => `  handle /service-${i}/* {\n    reverse_proxy 127.0.0.1:${originPort}\n  }`,
  ).join('\n')
  const site = tls === undefined ? `http://127.0.0.1:${port}` : `https://127.0.0.1:${port}`
  writeFileSync(
    join(directory, 'Caddyfile'),
    `{
  admin off
  auto_https off
  persist_config off
}
${site} {
${tls === undefined ? '' : `  tls ${tls.certFile} ${tls.keyFile}`}
${other}
  handle {
    reverse_proxy 127.0.0.1:${originPort}
  }
}
`,
  )
  return {
    args: ['run', '--config', join(directory, 'Caddyfile'), '--adapter', 'caddyfile'],
    env: { GOMAXPROCS: '1', XDG_DATA_HOME: directory, XDG_CONFIG_HOME: directory },
  }
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

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0))
    })
  })
}
