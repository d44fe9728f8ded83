import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cannedOrigin, closedPort, type Origin } from './origins.ts'

/** Another proxy that bytes can be shown to. */
export interface PeerProxy extends AsyncDisposable {
  readonly name: string
  /** What it does with the first request in these bytes: an HTTP status, `closed` without an answer, or `waits` for more. */
  judge(text: string): Promise<number | 'closed' | 'waits'>
}

/** The peers that can be had, with the names of those that are not installed here. */
export function peersHere(): { readonly found: readonly ('nginx' | 'haproxy')[]; readonly missing: readonly string[] } {
  const names = ['nginx', 'haproxy'] as const
  const found = names.filter(isInstalled)
  return { found, missing: names.filter((name) => !found.includes(name)) }
}

function isInstalled(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Starts a peer in front of a replica that answers everything with 200. */
export async function peerProxy(name: 'nginx' | 'haproxy'): Promise<PeerProxy> {
  const directory = mkdtempSync(join(tmpdir(), `seaworthy-${name}-`))
  const origin = await cannedOrigin('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok', (socket) =>
    socket.end(),
  )
  const port = await closedPort()
  const child = name === 'nginx' ? nginx(directory, port, origin) : haproxy(directory, port, origin)
  const judge = (text: string): Promise<number | 'closed' | 'waits'> => firstStatus(port, text)
  for (let attempt = 0; attempt < 200; attempt++) {
    if ((await judge('GET / HTTP/1.1\r\nHost: a\r\n\r\n').catch(() => 'closed')) === 200) break
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    name,
    judge,
    async [Symbol.asyncDispose]() {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await gone
      await origin[Symbol.asyncDispose]()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function nginx(directory: string, port: number, origin: Origin): ChildProcess {
  mkdirSync(join(directory, 'tmp'))
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${directory}/tmp/${kind};`,
  )
  writeFileSync(
    join(directory, 'nginx.conf'),
    `worker_processes 1; daemon off; pid ${directory}/nginx.pid; error_log /dev/null;
events { worker_connections 256; }
http { access_log off; ${paths.join(' ')} large_client_header_buffers 8 32k;
upstream origin { server ${origin.address}; keepalive 16; }
server { listen 127.0.0.1:${port};
location / { proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host; } } }`,
  )
  return spawn('nginx', ['-p', directory, '-c', join(directory, 'nginx.conf')], { stdio: 'ignore' })
}

function haproxy(directory: string, port: number, origin: Origin): ChildProcess {
  writeFileSync(
    join(directory, 'haproxy.cfg'),
    `global
  nbthread 1
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend front
  bind 127.0.0.1:${port}
  default_backend origin
backend origin
  server one ${origin.address}
`,
  )
  return spawn('haproxy', ['-f', join(directory, 'haproxy.cfg'), '-db'], { stdio: 'ignore' })
}

function firstStatus(port: number, text: string): Promise<number | 'closed' | 'waits'> {
  return new Promise((resolve) => {
    let received = ''
    const socket = connect(port, '127.0.0.1')
    const settle = (verdict: number | 'closed' | 'waits'): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(verdict)
    }
    const timer = setTimeout(() => settle('waits'), 400)
    socket.on('connect', () => socket.write(Buffer.from(text, 'latin1')))
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1')
      for (const [, status] of received.matchAll(/^HTTP\/1\.[01] ([0-9]{3})/gm)) {
        if (status !== '100') settle(Number(status))
      }
    })
    socket.on('error', () => settle('closed'))
    socket.on('close', () => settle('closed'))
  })
}
