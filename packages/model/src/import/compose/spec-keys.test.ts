import { describe, expect, it } from 'vitest'
import type { Draft } from '../draft.ts'
import { memoryFiles } from '../source-files.ts'
import { readCompose } from './read-compose.ts'

/**
 * Every key of the Compose specification (schema/compose-spec.json of June 2026), with a value that has a meaning. A key
 * of a service stands below `app`; `top` stands beside `services`.
 */
const serviceKeys: Readonly<Record<string, unknown>> = {
  develop: { watch: [{ path: '.', action: 'rebuild' }] },
  deploy: { replicas: 3 },
  annotations: { 'com.example': 'x' },
  attach: false,
  build: './app',
  blkio_config: { weight: 300 },
  cap_add: ['NET_ADMIN'],
  cap_drop: ['ALL'],
  cgroup: 'host',
  cgroup_parent: 'm-executor-abcd',
  command: ['serve', '--fast'],
  configs: ['settings'],
  container_name: 'my-app',
  cpu_count: 2,
  cpu_percent: 50,
  cpu_shares: 512,
  cpu_quota: 50000,
  cpu_period: 100000,
  cpu_rt_period: '1400us',
  cpu_rt_runtime: '400ms',
  cpus: 1.5,
  cpuset: '0,1',
  credential_spec: { file: 'spec.json' },
  depends_on: ['db'],
  device_cgroup_rules: ['c 1:3 mr'],
  devices: ['/dev/ttyUSB0:/dev/ttyUSB0'],
  dns: '8.8.8.8',
  dns_opt: ['use-vc'],
  dns_search: 'example.com',
  domainname: 'example.com',
  entrypoint: ['/bin/serve'],
  env_file: 'app.env',
  label_file: 'app.labels',
  environment: { A: '1' },
  expose: ['8080'],
  extends: { service: 'db' },
  provider: { type: 'cloud' },
  external_links: ['other:alias'],
  extra_hosts: ['somehost=162.242.195.82'],
  gpus: 'all',
  group_add: ['mail'],
  healthcheck: { test: ['CMD', 'true'] },
  hostname: 'app',
  image: 'example/other:2',
  init: true,
  ipc: 'host',
  isolation: 'hyperv',
  labels: { 'com.example': 'x' },
  links: ['db'],
  logging: { driver: 'syslog' },
  mac_address: '02:42:ac:11:65:43',
  mem_limit: '512m',
  mem_reservation: '128m',
  mem_swappiness: 60,
  memswap_limit: '1g',
  network_mode: 'host',
  models: ['llm'],
  networks: { back: { aliases: ['other'] } },
  oom_kill_disable: true,
  oom_score_adj: -500,
  pid: 'host',
  pids_limit: 10,
  platform: 'linux/amd64',
  ports: ['8080:8080'],
  post_start: [{ command: './after.sh' }],
  pre_stop: [{ command: ['./before.sh'] }],
  privileged: true,
  profiles: ['debug'],
  pull_policy: 'always',
  pull_refresh_after: '12h',
  read_only: true,
  restart: 'always',
  runtime: 'runc',
  scale: 2,
  security_opt: ['label:disable'],
  shm_size: '64m',
  secrets: ['token'],
  sysctls: { 'net.core.somaxconn': 1024 },
  stdin_open: true,
  stop_grace_period: '1m',
  stop_signal: 'SIGINT',
  storage_opt: { size: '1G' },
  tmpfs: '/run',
  tty: true,
  ulimits: { nproc: 65535 },
  use_api_socket: true,
  user: '1000',
  uts: 'host',
  userns_mode: 'host',
  volumes: ['data:/data'],
  volumes_from: ['db'],
  working_dir: '/srv',
}

const buildKeys: Readonly<Record<string, unknown>> = {
  context: './other',
  dockerfile: 'Other.Dockerfile',
  dockerfile_inline: 'FROM scratch',
  entitlements: ['network.host'],
  args: { VERSION: '1' },
  ssh: ['default'],
  labels: { a: 'b' },
  cache_from: ['alpine:latest'],
  cache_to: ['type=local'],
  no_cache: true,
  no_cache_filter: ['a'],
  additional_contexts: { other: './other' },
  network: 'host',
  provenance: true,
  sbom: true,
  pull: true,
  target: 'prod',
  shm_size: '1g',
  extra_hosts: ['a=1.2.3.4'],
  isolation: 'hyperv',
  privileged: true,
  secrets: ['token'],
  tags: ['a:b'],
  ulimits: { nproc: 1 },
  platforms: ['linux/arm64'],
}

const deployKeys: Readonly<Record<string, unknown>> = {
  mode: 'global',
  endpoint_mode: 'vip',
  replicas: 4,
  labels: { a: 'b' },
  rollback_config: { parallelism: 1 },
  'update_config.parallelism': undefined,
  update_config: { parallelism: 2, order: 'start-first' },
  resources: { limits: { memory: '1g' } },
  restart_policy: { condition: 'none' },
  placement: { constraints: ['node.hostname == a'] },
}

const deeper: Readonly<Record<string, unknown>> = {
  'deploy.update_config.delay': '10s',
  'deploy.update_config.failure_action': 'pause',
  'deploy.update_config.monitor': '10s',
  'deploy.update_config.max_failure_ratio': 0.1,
  'deploy.update_config.order': 'stop-first',
  'deploy.resources.limits.cpus': '2',
  'deploy.resources.limits.memory': '1g',
  'deploy.resources.limits.pids': 7,
  'deploy.resources.reservations.cpus': '2',
  'deploy.resources.reservations.memory': '1g',
  'deploy.resources.reservations.generic_resources': [{ discrete_resource_spec: { kind: 'gpu', value: 2 } }],
  'deploy.resources.reservations.devices': [{ capabilities: ['tpu'] }],
  'deploy.restart_policy.condition': 'none',
  'deploy.restart_policy.delay': '5s',
  'deploy.restart_policy.max_attempts': 3,
  'deploy.restart_policy.window': '120s',
  'deploy.placement.constraints': ['node.labels.disk == ssd'],
  'deploy.placement.preferences': [{ spread: 'node.labels.zone' }],
  'deploy.placement.max_replicas_per_node': 1,
  'healthcheck.disable': true,
  'healthcheck.interval': '7s',
  'healthcheck.retries': 7,
  'healthcheck.test': ['CMD', 'true'],
  'healthcheck.timeout': '3s',
  'healthcheck.start_period': '40s',
  'healthcheck.start_interval': '1s',
  'networks.back.aliases': ['a'],
  'networks.back.driver_opts': { a: 'b' },
  'networks.back.gw_priority': 1,
  'networks.back.interface_name': 'eth0',
  'networks.back.ipv4_address': '172.16.238.10',
  'networks.back.ipv6_address': '2001:3984:3989::10',
  'networks.back.link_local_ips': ['57.123.22.11'],
  'networks.back.mac_address': '02:42:ac:11:65:43',
  'networks.back.priority': 1000,
  'depends_on.db.restart': true,
  'depends_on.db.required': false,
}

const topKeys: Readonly<Record<string, unknown>> = {
  version: '3.9',
  name: 'other',
  models: { llm: { model: 'ai/model' } },
  'networks.front': { driver: 'overlay' },
  'networks.front.attachable': true,
  'networks.front.driver': 'overlay',
  'networks.front.driver_opts': { a: 1 },
  'networks.front.enable_ipv4': false,
  'networks.front.enable_ipv6': true,
  'networks.front.external': true,
  'networks.front.internal': true,
  'networks.front.ipam': { driver: 'default' },
  'networks.front.labels': { a: 'b' },
  'networks.front.name': 'n',
  'volumes.files.driver': 'nfs',
  'volumes.files.driver_opts': { o: 'addr=1' },
  'volumes.files.external': true,
  'volumes.files.labels': { a: 'b' },
  'volumes.files.name': 'n',
  'secrets.token.external': true,
  'secrets.token.name': 'n',
  'secrets.token.labels': { a: 'b' },
  'secrets.token.driver': 'd',
  'secrets.token.driver_opts': { a: 'b' },
  'secrets.token.template_driver': 'golang',
  'x-anything': { a: 1 },
}

const files = {
  'app.env': 'B=2\n',
  'app/Dockerfile': 'FROM node:24\nEXPOSE 3000\nUSER node\nCMD ["node", "main.js"]\n',
}

function read(document: unknown): Draft {
  const { draft, problems } = readCompose(
    memoryFiles({ ...files, 'compose.yaml': JSON.stringify(document) }),
    ['compose.yaml'],
    'shop',
  )
  expect(problems).toEqual([])
  if (!draft) throw new Error('nothing was read')
  return draft
}

/** A value put at a path of dots below an object, made on the way. */
function put(base: Readonly<Record<string, unknown>>, path: string, value: unknown): Record<string, unknown> {
  const [step = '', ...rest] = path.split('.')
  if (rest.length === 0) return { ...base, [step]: value }
  return { ...base, [step]: put((base[step] ?? {}) as Record<string, unknown>, rest.join('.'), value) }
}

const db = { image: 'mysql:8', environment: { LENDS: 'this' } }
const base = { image: 'example/app:1', secrets: ['token'] }
const top = { secrets: { token: { file: './token' } }, volumes: { files: null } }

/** What carrying over a key shows in: the parts differ, or a note names the key. */
function isAccountedFor(before: Draft, after: Draft, key: string): boolean {
  const parts = (draft: Draft): string =>
    JSON.stringify([draft.name, draft.environments, draft.parts.map(({ at: _at, ...part }) => part)])
  return parts(before) !== parts(after) || after.notes.some((note) => note.path.split('.').includes(key))
}

describe('no key of the Compose specification is dropped silently', () => {
  const cases = [
    ...Object.entries(serviceKeys).map(([key, value]) => [key, value, base] as const),
    ...Object.entries(buildKeys).map(
      ([key, value]) => [`build.${key}`, value, { build: { context: './app' } }] as const,
    ),
    ...Object.entries(deployKeys)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [`deploy.${key}`, value, base] as const),
    ...Object.entries(deeper).map(
      ([key, value]) =>
        [
          key,
          value,
          key.startsWith('healthcheck') ? { ...base, healthcheck: { test: ['CMD', 'check'], interval: '5s' } } : base,
        ] as const,
    ),
  ]
  it.each(cases)('services.app.%s', (path, value, service) => {
    const before = read({ ...top, services: { db, app: service } })
    const after = read({ ...top, services: { db, app: put(service, path, value) } })
    expect(isAccountedFor(before, after, path.split('.').at(-1) ?? path)).toBe(true)
  })

  it.each(Object.entries(topKeys))('%s', (path, value) => {
    const services = { app: base, db }
    const before = read({ ...top, services })
    const after = read(put({ ...top, services }, path, value))
    expect(isAccountedFor(before, after, path.split('.').at(-1) ?? path)).toBe(true)
  })

  it('secrets.token.environment', () => {
    const draft = read({ services: { app: base }, secrets: { token: { environment: 'OTHER_TOKEN' } } })
    expect(draft.parts).toContainEqual(expect.objectContaining({ kind: 'secret', spec: { from: 'env:OTHER_TOKEN' } }))
  })

  it('a key that the specification does not have is reported as such', () => {
    const draft = read({ services: { app: { ...base, imagee: 'x' } }, secrets: top.secrets })
    expect(draft.notes).toContainEqual(expect.objectContaining({ kind: 'lost', path: 'services.app.imagee' }))
  })

  it('no key of a database container is dropped silently either', () => {
    for (const [key, value] of Object.entries(serviceKeys)) {
      if (['image', 'build', 'extends', 'depends_on', 'volumes_from'].includes(key)) continue
      const before = read({ ...top, services: { db, app: base, store: { image: 'postgres:16' } } })
      const after = read({ ...top, services: { db, app: base, store: { image: 'postgres:16', [key]: value } } })
      expect([key, isAccountedFor(before, after, key)]).toEqual([key, true])
    }
  })
})
