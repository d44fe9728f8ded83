import type { Uncarried } from '../section.ts'

const needless = (what: string): Uncarried => ({ kind: 'needless', what })
const lost = (what: string, instead: string): Uncarried => ({ kind: 'lost', what, instead })
const changed = (what: string, instead: string): Uncarried => ({ kind: 'changed', what, instead })

const inImage = 'Put it into the image.'
const patch = 'Where it matters on Kubernetes, add it under `kubernetes: [{ kind, merge }]`.'

/** What becomes of the keys of a service that have no counterpart in the catalog (Compose specification, part 5). */
export const uncarriedServiceKeys: Readonly<Record<string, Uncarried>> = {
  annotations: lost('annotations have no counterpart', patch),
  attach: needless('the output of every service goes to its own log file'),
  blkio_config: lost('disk bandwidth is not limited', patch),
  cap_drop: needless('services run without capabilities'),
  cgroup: lost('the cgroup of the host is not shared', patch),
  cgroup_parent: lost('control groups are made by Seaworthy', patch),
  container_name: needless('replicas are named by Seaworthy'),
  cpu_count: lost('the number of CPUs seen is not set', 'Use `cpu`.'),
  cpu_percent: lost('a share of the machine’s CPU is not a limit here', 'Use `cpu`.'),
  cpu_period: lost('CPU periods are chosen by Seaworthy', 'Use `cpu`.'),
  cpu_quota: lost('a quota of microseconds is not a limit here', 'Use `cpu`: quota divided by period.'),
  cpu_rt_period: lost('real-time scheduling has no counterpart', patch),
  cpu_rt_runtime: lost('real-time scheduling has no counterpart', patch),
  cpu_shares: lost('relative CPU weights have no counterpart', 'Use `cpu`.'),
  cpuset: lost('services are not pinned to cores', 'Use `cpu`.'),
  credential_spec: lost('Windows credentials have no counterpart', patch),
  device_cgroup_rules: lost('device rules have no counterpart', patch),
  devices: lost('host devices are not handed to services', `For a GPU use \`gpu\`. ${patch}`),
  dns: lost('name servers are those of the machine or the cluster', patch),
  dns_opt: lost('resolver options are those of the machine or the cluster', patch),
  dns_search: lost('search domains are those of the machine or the cluster', patch),
  domainname: lost('replicas have no domain name of their own', 'Use a route for a name that others see.'),
  external_links: lost('containers outside of the file are not reached by link', 'Make it an `external` and need it.'),
  extra_hosts: lost('entries of /etc/hosts have no counterpart', 'Make each an `external` and need it, or use DNS.'),
  group_add: lost('further groups are not set', patch),
  hostname: needless('replicas are named by Seaworthy'),
  init: needless('the supervisor reaps what a service leaves behind'),
  ipc: lost('the IPC namespace is not shared', patch),
  isolation: lost('Windows isolation has no counterpart', ''),
  label_file: lost('labels from files have no counterpart', 'Put routes and metadata into the catalog.'),
  logging: needless('output goes to log files with rotation; ship those'),
  mac_address: lost('network addresses are not chosen', ''),
  mem_swappiness: lost('swap is not tuned', ''),
  memswap_limit: lost('swap is not limited apart from memory', 'Use `memory`.'),
  models: lost('AI models are not resources here', 'Run the model server as a service with `gpu` and need it.'),
  oom_kill_disable: lost('a service over its memory limit is killed, always', 'Raise `memory`.'),
  oom_score_adj: lost('which process the kernel kills first is not tuned', 'Set `memory` on the others, and `tier`.'),
  pid: lost('the process namespace is not shared', patch),
  platform: needless('the image’s platform is that of the machine it runs on'),
  post_start: lost('commands after the start have no counterpart', 'Run them before, in the program or as a job.'),
  provider: lost('what a provider makes has no counterpart', 'Make it an `external` and need it.'),
  pull_policy: needless('images are pulled when they are not there; pin them by digest'),
  pull_refresh_after: needless('images are pulled when they are not there; pin them by digest'),
  read_only: needless('the root file system is read-only already'),
  shm_size: lost('the size of /dev/shm is not set', patch),
  stdin_open: needless('services have no terminal'),
  storage_opt: lost('storage drivers have no options here', 'Use `disk`.'),
  sysctls: lost('kernel parameters are not set', patch),
  tty: needless('services have no terminal'),
  ulimits: lost('process limits are not set', 'Set them in the unit of the controller, or in the image.'),
  use_api_socket: lost('the engine’s socket is not handed to services', ''),
  userns_mode: lost('user namespaces are not chosen', patch),
  uts: lost('the UTS namespace is not shared', patch),
}

/** What becomes of the keys of `build` that have no counterpart (Compose Build specification). */
export const uncarriedBuildKeys: Readonly<Record<string, Uncarried>> = {
  additional_contexts: lost('a build has one context', 'Widen the context, or copy from a named stage.'),
  cache_from: needless('layers are cached by digest'),
  cache_to: needless('layers are cached by digest'),
  dockerfile_inline: lost(
    'a Dockerfile inside of the Compose file is not carried over',
    'Write it to a file and name it under `dockerfile`.',
  ),
  entitlements: lost('builds have no privileges', ''),
  extra_hosts: lost('builds have no hosts of their own', ''),
  isolation: lost('Windows isolation has no counterpart', ''),
  labels: needless('images carry the labels of their Dockerfile'),
  network: lost('the network of a build is not chosen', ''),
  no_cache: needless('layers are cached by digest'),
  no_cache_filter: needless('layers are cached by digest'),
  platforms: lost('images are built for the platform they run on', 'Name platforms in the CI that is rendered.'),
  privileged: lost('builds have no privileges', ''),
  provenance: needless('provenance is attached by the CI that is rendered'),
  pull: needless('base images are pulled when they are not there'),
  sbom: needless('bills of material are made by the CI that is rendered'),
  secrets: lost('secrets of a build have no counterpart', 'Fetch what needs them before the build.'),
  shm_size: lost('the size of /dev/shm is not set', ''),
  ssh: lost('SSH agents are not handed to builds', 'Fetch what needs them before the build.'),
  tags: needless('images are tagged by their digest'),
  ulimits: lost('process limits are not set', ''),
}

export const uncarriedDeployKeys: Readonly<Record<string, Uncarried>> = {
  endpoint_mode: needless('traffic is spread by the gateway'),
  rollback_config: changed('a rollback goes back at once, to replicas that are still warm', 'Tune `rollout.keepWarm`.'),
}

export const uncarriedUpdateKeys: Readonly<Record<string, Uncarried>> = {
  delay: changed('steps wait for readiness and a verdict, not for a time', 'Tune `rollout.verdict`.'),
  monitor: changed('what is watched after a step is decided by the verdict', 'Tune `rollout.verdict.deadline`.'),
  max_failure_ratio: changed('harm is judged against the old version, not by a fixed ratio', 'Tune `rollout.verdict`.'),
}

export const uncarriedRestartKeys: Readonly<Record<string, Uncarried>> = {
  delay: needless('restarts back off by themselves'),
  max_attempts: changed('a service that keeps failing is retried ever more slowly and reported, not given up', ''),
  window: needless('restarts back off by themselves'),
}

/** What becomes of top-level keys. */
export const uncarriedTopKeys: Readonly<Record<string, Uncarried>> = {
  version: needless('Compose has not needed it since 2020 either'),
  models: lost('AI models are not resources here', 'Run the model server as a service with `gpu` and need it.'),
}

export const uncarriedNetworkKeys: Readonly<Record<string, Uncarried>> = {
  attachable: needless('who may talk to whom follows from `needs`'),
  driver: needless('who may talk to whom follows from `needs`'),
  driver_opts: needless('who may talk to whom follows from `needs`'),
  enable_ipv4: needless('addresses are those of the machine or the cluster'),
  enable_ipv6: needless('addresses are those of the machine or the cluster'),
  external: lost(
    'a network that others share is not joined',
    'Make what you reach over it an `external`, what reaches you a route.',
  ),
  internal: needless('services reach the outside only where `network` says so'),
  ipam: lost('addresses are those of the machine or the cluster', ''),
  labels: needless('networks have no counterpart'),
  name: needless('networks have no counterpart'),
}

export const uncarriedServiceNetworkKeys: Readonly<Record<string, Uncarried>> = {
  aliases: changed('further host names are not given', 'Use the address that the need injects.'),
  driver_opts: needless('who may talk to whom follows from `needs`'),
  gw_priority: needless('who may talk to whom follows from `needs`'),
  interface_name: needless('who may talk to whom follows from `needs`'),
  ipv4_address: lost('addresses are not chosen', 'Use the address that the need injects.'),
  ipv6_address: lost('addresses are not chosen', 'Use the address that the need injects.'),
  link_local_ips: lost('addresses are not chosen', 'Use the address that the need injects.'),
  mac_address: lost('addresses are not chosen', ''),
  priority: needless('who may talk to whom follows from `needs`'),
}

export const uncarriedVolumeKeys: Readonly<Record<string, Uncarried>> = {
  driver: lost(
    'volume drivers are those of the machine or the cluster',
    'Name a storage class: `storage: { size, class }`.',
  ),
  driver_opts: lost(
    'options of a volume driver have no counterpart',
    'Name a storage class: `storage: { size, class }`.',
  ),
  external: changed(
    'a volume that exists is not taken over',
    'Copy its files once: see `seaworthy import compose --plan`.',
  ),
  labels: needless('volumes have no labels'),
  name: needless('volumes are named by the catalog'),
}

/** Where keys of the development section go. */
export const developNote: string =
  'files are not synchronised into running services; `seaworthy up` runs from the folder'
/** What is said of files that are mounted. */
export const fileMountInstead: string = inImage
