import { bands, cost, prices, quota } from './capacity.ts'
import { external, machineGpu, postgres, redis, secret, storageOrSize, volume } from './data.ts'
import { approval, freeze } from './delivery.ts'
import {
  choice,
  cpu,
  cron,
  duration,
  type Fields,
  flag,
  integer,
  list,
  name,
  type ObjectNode,
  object,
  record,
  reference,
  size,
  text,
} from './node.ts'
import { agreement, alert, escalation, silence } from './objectives.ts'
import { job, service } from './service.ts'

/** A computer that replicas run on. */
export const machine: ObjectNode = object('Machine', 'A computer that replicas run on.', {
  address: { type: text, doc: 'Host name or IP address.' },
  zone: { type: text, doc: 'Failure zone.', default: 'default' },
  cpu: { type: cpu, doc: 'Cores for replicas.' },
  memory: { type: size, doc: 'Memory for replicas.' },
  gpu: { type: machineGpu, doc: 'Its GPUs.' },
  bands: { type: bands, doc: 'Utilisation that is right.' },
  cost: { type: cost, doc: 'What it costs.' },
})

/** A time in which disruption is allowed. */
export const maintenance: ObjectNode = object('MaintenanceWindow', 'A time in which disruption is allowed.', {
  schedule: {
    type: cron,
    doc: 'When it begins (UTC); none for emergencies. `6#1` as day of week is the first Saturday.',
  },
  for: { type: duration, doc: 'How long.', required: true },
  notice: { type: duration, doc: 'How long before it is announced.', default: '1d' },
  purpose: { type: text, doc: 'What for.' },
})

/** A place where the fleet runs. */
export const environment: ObjectNode = object('Environment', 'A place where the fleet runs.', {
  engine: { type: choice('machine', 'kubernetes'), doc: 'What runs it.', default: 'machine' },
  context: { type: text, doc: 'Context of the kubeconfig.' },
  namespace: { type: name, doc: 'Namespace; the fleet’s name when absent.', derived: 'fleet-name' },
  domain: { type: text, doc: 'Domain put behind route hosts without a dot.' },
  gatewayPort: { type: integer(0, 65535), doc: 'Port of the gateway on one machine; 0 finds one.', default: 8080 },
  tls: {
    type: choice('off', 'development', 'cert-manager', 'files'),
    doc: 'Where certificates come from.',
    default: 'off',
  },
  approvals: { type: list(approval), doc: 'People who must say yes before a release here.', default: [] },
  freezes: { type: list(freeze), doc: 'Times without releases.', default: [] },
  quota: { type: quota, doc: 'Bounds on everything.' },
  env: {
    type: record(text, 'variable'),
    doc: 'Variables of every service and job here, beneath their own.',
    default: {},
  },
  prices: { type: prices, doc: 'What capacity costs here.' },
  router: {
    type: choice('gateway', 'gateway-api'),
    doc: 'What splits traffic on Kubernetes: Seaworthy’s gateway or Gateway API weights.',
    default: 'gateway',
  },
  ingress: {
    type: choice('none', 'ingress', 'gateway-api'),
    doc: 'What brings traffic in on Kubernetes.',
    default: 'ingress',
  },
  ingressClass: { type: text, doc: 'Ingress or Gateway class.', default: 'nginx' },
  autoscaler: { type: choice('hpa', 'keda'), doc: 'What scales on Kubernetes.', default: 'hpa' },
  secrets: {
    type: choice('plain', 'external-secrets', 'age'),
    doc: 'How secrets reach Kubernetes.',
    default: 'external-secrets',
  },
  secretStore: { type: text, doc: 'Address of the Vault server behind External Secrets.' },
})

/** A metrics server. */
export const prometheus: ObjectNode = object('Prometheus', 'A metrics server.', {
  retention: { type: duration, doc: 'How long samples are kept.', default: '15d' },
  storage: { type: storageOrSize, doc: 'Room for samples.', default: '10Gi' },
})

/** What watches the fleet. */
export const monitoring: ObjectNode = object('Monitoring', 'What watches the fleet.', {
  prometheus: { type: prometheus, doc: 'Prometheus of the fleet’s own.' },
  operator: {
    type: flag,
    doc: 'Whether the Prometheus operator’s ServiceMonitor and PrometheusRule are used on Kubernetes.',
    default: true,
  },
  grafana: { type: flag, doc: 'Whether dashboards are rendered.', default: true },
  scrape: {
    type: record(duration),
    doc: 'Scrape interval by tier.',
    default: { core: '15s', business: '30s', support: '60s' },
  },
  alerts: {
    type: record(list(alert)),
    doc: 'Alerts by tier (`core`, `business`, `support`), on every service of it, and under `fleet` those of the whole.',
    default: {},
  },
  notify: { type: record(reference('escalation')), doc: 'Escalation by severity.', default: {} },
})

const resources: Fields = {
  postgres: { type: record(postgres, 'name'), doc: 'PostgreSQL databases.', default: {} },
  redis: { type: record(redis, 'name'), doc: 'Redis servers.', default: {} },
  volumes: { type: record(volume, 'name'), doc: 'Shared volumes.', default: {} },
  externals: { type: record(external, 'name'), doc: 'What others run.', default: {} },
  secrets: { type: record(secret, 'name'), doc: 'Secrets.', default: {} },
  machines: { type: record(machine, 'name'), doc: 'Machines.', default: {} },
}

/** The whole catalog. */
export const fleet: ObjectNode = object('Fleet', 'Services that belong together, and all they stand on.', {
  schema: { type: integer(1, 1), doc: 'Version of this schema.', default: 1 },
  name: { type: name, doc: 'Name of the fleet.', required: true },
  description: { type: text, doc: 'One line for people.' },
  services: { type: record(service, 'name'), doc: 'Services.', default: {} },
  jobs: { type: record(job, 'name'), doc: 'Jobs.', default: {} },
  ...resources,
  environments: {
    type: record(environment, 'environment'),
    doc: 'Environments; one called `development` on this machine when absent.',
    default: { development: {} },
  },
  escalations: { type: record(escalation, 'name'), doc: 'Who is told, in which order.', default: {} },
  monitoring: { type: monitoring, doc: 'What watches.', default: {} },
  maintenance: { type: record(maintenance), doc: 'Maintenance windows.', default: {} },
  agreement: { type: agreement, doc: 'What customers were promised.' },
  budget: { type: record(cost), doc: 'Money by item.', default: {} },
  silence: { type: list(silence), doc: 'Warnings that are accepted for a while.', default: [] },
})
