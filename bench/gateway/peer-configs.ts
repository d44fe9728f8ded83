import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProxyTask } from './contenders.ts'

/** How a program from Debian is launched for a task. */
export type Launch = (
  task: ProxyTask,
  directory: string,
  port: number,
) => { args: string[]; env?: Record<string, string> }

/** nginx with one worker, keep-alive to the origin, forwarding fields and a request id; no access log. */
export const nginx: Launch = ({ originPort, routes, tls }, directory, port) => {
  const other = range(routes).map((i) => `location /service-${i}/ { proxy_pass http://origin; }`)
  const secure = tls === undefined ? '' : `ssl_certificate ${tls.certFile}; ssl_certificate_key ${tls.keyFile};`
  mkdirSync(join(directory, 'tmp'))
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${directory}/tmp/${kind};`,
  )
  const config = join(directory, 'nginx.conf')
  writeFileSync(
    config,
    `worker_processes 1; daemon off; pid ${directory}/nginx.pid; error_log /dev/null; worker_rlimit_nofile 8192;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 10000000; ${paths.join(' ')}
upstream origin { server 127.0.0.1:${originPort}; keepalive 128; keepalive_requests 10000000; }
server { listen 127.0.0.1:${port}${tls === undefined ? '' : ' ssl'}; ${secure}
proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host;
proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_set_header X-Request-Id $request_id;
location / { proxy_pass http://origin; }
${other.join('\n')} } }`,
  )
  return { args: ['-p', directory, '-c', config] }
}

/** HAProxy with one thread, connections to the origin always reused, forwarding fields; no log. */
export const haproxy: Launch = ({ originPort, routes, tls }, directory, port) => {
  let secure = ''
  if (tls !== undefined) {
    const pair = join(directory, 'pair.pem')
    writeFileSync(pair, execFileSync('cat', [tls.certFile, tls.keyFile]))
    secure = ` ssl crt ${pair}`
  }
  writeFileSync(
    join(directory, 'routes.map'),
    range(routes)
      .map((i) => `/service-${i}/ origin\n`)
      .join(''),
  )
  const config = join(directory, 'haproxy.cfg')
  writeFileSync(
    config,
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
  return { args: ['-f', config, '-db'] }
}

/** Caddy with one processor and its defaults, which include forwarding fields; no access log. */
export const caddy: Launch = ({ originPort, routes, tls }, directory, port) => {
  const to = `reverse_proxy 127.0.0.1:${originPort}`
  const other = range(routes).map((i) => `  handle /service-${i}/* {\n    ${to}\n  }`)
  const config = join(directory, 'Caddyfile')
  writeFileSync(
    config,
    `{
  admin off
  auto_https off
}
${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port} {
${tls === undefined ? '' : `  tls ${tls.certFile} ${tls.keyFile}`}
${other.join('\n')}
  handle {
    ${to}
  }
}
`,
  )
  return {
    args: ['run', '--config', config, '--adapter', 'caddyfile'],
    env: { GOMAXPROCS: '1', XDG_DATA_HOME: directory, XDG_CONFIG_HOME: directory },
  }
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i)
}
