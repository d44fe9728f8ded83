import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'

/** What every proxy under test forwards to: nginx answering 53 bytes of JSON from memory, on the second core. */
export interface BenchOrigin {
  readonly port: number
  stop(): void
}

/** Starts the origin; it needs nginx, because nothing else here is cheap enough not to be measured with the proxies. */
export async function startOrigin(): Promise<BenchOrigin> {
  const directory = mkdtempSync(join(tmpdir(), 'seaworthy-origin-'))
  mkdirSync(join(directory, 'tmp'))
  const port = await freePort()
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${directory}/tmp/${kind};`,
  )
  writeFileSync(
    join(directory, 'nginx.conf'),
    `worker_processes 1; daemon off; pid ${directory}/pid; error_log /dev/null; worker_rlimit_nofile 8192;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 100000000; ${paths.join(' ')}
server { listen 127.0.0.1:${port}; location / { default_type application/json;
return 200 '{"id":4711,"state":"shipped","lines":[1,2,3],"ok":1}'; } } }`,
  )
  const child: ChildProcess = spawn(
    'taskset',
    ['-c', '1', 'nginx', '-p', directory, '-c', join(directory, 'nginx.conf')],
    {
      stdio: 'ignore',
    },
  )
  for (let attempt = 0; attempt < 100 && !(await isOpen(port)); attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return { port, stop: () => child.kill('SIGTERM') }
}

/** Whether somebody listens on a port of the loopback. */
export function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}
