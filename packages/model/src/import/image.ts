import { ownValue } from './own-value.ts'

/** The parts of an image's name. */
export interface ImageName {
  /** Without registry, `library/`, tag and digest: `postgres`, `bitnami/redis`. */
  readonly repository: string
  readonly tag?: string
  readonly digest?: string
}

/** Takes an image's name apart: `docker.io/library/redis:7-alpine` is `redis` with the tag `7-alpine`. */
export function readImageName(text: string): ImageName {
  const [beforeDigest = '', digest] = text.split('@')
  const slash = beforeDigest.lastIndexOf('/')
  const colon = beforeDigest.indexOf(':', slash + 1)
  const tag = colon < 0 ? undefined : beforeDigest.slice(colon + 1)
  const path = colon < 0 ? beforeDigest : beforeDigest.slice(0, colon)
  const parts = path.split('/')
  const [registry = ''] = parts
  if (parts.length > 1 && (/[.:]/.test(registry) || registry === 'localhost')) parts.shift()
  if (parts.length > 1 && parts[0] === 'library') parts.shift()
  return { repository: parts.join('/'), ...(tag && { tag }), ...(digest && { digest }) }
}

/** What well-known images are: the resources that Seaworthy runs itself, and on which port the others listen. */
export interface KnownImage {
  readonly resource?: 'postgres' | 'redis'
  readonly port?: number
  readonly protocol?: 'http' | 'tcp'
  /** Folder in which it keeps what must last. */
  readonly data?: string
}

const images: Readonly<Record<string, KnownImage>> = {
  postgres: { resource: 'postgres' },
  'bitnami/postgresql': { resource: 'postgres' },
  'bitnamilegacy/postgresql': { resource: 'postgres' },
  'cimg/postgres': { resource: 'postgres' },
  redis: { resource: 'redis' },
  'bitnami/redis': { resource: 'redis' },
  'bitnamilegacy/redis': { resource: 'redis' },
  'valkey/valkey': { resource: 'redis' },
  mysql: { port: 3306, protocol: 'tcp', data: '/var/lib/mysql' },
  mariadb: { port: 3306, protocol: 'tcp', data: '/var/lib/mysql' },
  percona: { port: 3306, protocol: 'tcp', data: '/var/lib/mysql' },
  mongo: { port: 27017, protocol: 'tcp', data: '/data/db' },
  rabbitmq: { port: 5672, protocol: 'tcp', data: '/var/lib/rabbitmq' },
  memcached: { port: 11211, protocol: 'tcp' },
  nats: { port: 4222, protocol: 'tcp' },
  zookeeper: { port: 2181, protocol: 'tcp' },
  'confluentinc/cp-zookeeper': { port: 2181, protocol: 'tcp' },
  'confluentinc/cp-kafka': { port: 9092, protocol: 'tcp' },
  'bitnami/kafka': { port: 9092, protocol: 'tcp' },
  'apache/kafka': { port: 9092, protocol: 'tcp' },
  'clickhouse/clickhouse-server': { port: 8123, protocol: 'http', data: '/var/lib/clickhouse' },
  elasticsearch: { port: 9200, protocol: 'http', data: '/usr/share/elasticsearch/data' },
  'elasticsearch/elasticsearch': { port: 9200, protocol: 'http', data: '/usr/share/elasticsearch/data' },
  'opensearchproject/opensearch': { port: 9200, protocol: 'http', data: '/usr/share/opensearch/data' },
  'getmeili/meilisearch': { port: 7700, protocol: 'http', data: '/meili_data' },
  'typesense/typesense': { port: 8108, protocol: 'http' },
  'qdrant/qdrant': { port: 6333, protocol: 'http', data: '/qdrant/storage' },
  'chromadb/chroma': { port: 8000, protocol: 'http' },
  'semitechnologies/weaviate': { port: 8080, protocol: 'http' },
  'minio/minio': { port: 9000, protocol: 'http', data: '/data' },
  'postgis/postgis': { port: 5432, protocol: 'tcp', data: '/var/lib/postgresql/data' },
  'pgvector/pgvector': { port: 5432, protocol: 'tcp', data: '/var/lib/postgresql/data' },
  'timescale/timescaledb': { port: 5432, protocol: 'tcp', data: '/var/lib/postgresql/data' },
  'redis/redis-stack': { port: 6379, protocol: 'tcp', data: '/data' },
  'redis/redis-stack-server': { port: 6379, protocol: 'tcp', data: '/data' },
  'mcr.microsoft.com/mssql/server': { port: 1433, protocol: 'tcp', data: '/var/opt/mssql' },
  'mssql/server': { port: 1433, protocol: 'tcp', data: '/var/opt/mssql' },
  'cockroachdb/cockroach': { port: 26257, protocol: 'tcp' },
  influxdb: { port: 8086, protocol: 'http', data: '/var/lib/influxdb2' },
  neo4j: { port: 7687, protocol: 'tcp', data: '/data' },
  cassandra: { port: 9042, protocol: 'tcp', data: '/var/lib/cassandra' },
  nginx: { port: 80, protocol: 'http' },
  httpd: { port: 80, protocol: 'http' },
  caddy: { port: 80, protocol: 'http' },
  traefik: { port: 80, protocol: 'http' },
  haproxy: { port: 80, protocol: 'http' },
  wordpress: { port: 80, protocol: 'http', data: '/var/www/html' },
  ghost: { port: 2368, protocol: 'http', data: '/var/lib/ghost/content' },
  nextcloud: { port: 80, protocol: 'http', data: '/var/www/html' },
  phpmyadmin: { port: 80, protocol: 'http' },
  'phpmyadmin/phpmyadmin': { port: 80, protocol: 'http' },
  adminer: { port: 8080, protocol: 'http' },
  'dpage/pgadmin4': { port: 80, protocol: 'http' },
  'grafana/grafana': { port: 3000, protocol: 'http', data: '/var/lib/grafana' },
  'grafana/grafana-oss': { port: 3000, protocol: 'http', data: '/var/lib/grafana' },
  'grafana/loki': { port: 3100, protocol: 'http' },
  'prom/prometheus': { port: 9090, protocol: 'http', data: '/prometheus' },
  'prom/alertmanager': { port: 9093, protocol: 'http' },
  'jaegertracing/all-in-one': { port: 16686, protocol: 'http' },
  'otel/opentelemetry-collector': { port: 4318, protocol: 'http' },
  'otel/opentelemetry-collector-contrib': { port: 4318, protocol: 'http' },
  'mailhog/mailhog': { port: 1025, protocol: 'tcp' },
  'axllent/mailpit': { port: 1025, protocol: 'tcp' },
  'maildev/maildev': { port: 1025, protocol: 'tcp' },
  'hashicorp/vault': { port: 8200, protocol: 'http' },
  'keycloak/keycloak': { port: 8080, protocol: 'http' },
  'ollama/ollama': { port: 11434, protocol: 'http', data: '/root/.ollama' },
  'vllm/vllm-openai': { port: 8000, protocol: 'http' },
  'huggingface/text-generation-inference': { port: 80, protocol: 'http' },
  'open-webui/open-webui': { port: 8080, protocol: 'http', data: '/app/backend/data' },
  'localstack/localstack': { port: 4566, protocol: 'http' },
  registry: { port: 5000, protocol: 'http' },
}

/** What is known of an image, by its name without registry and tag. */
export function knownImage(image: string): KnownImage | undefined {
  return ownValue(images, readImageName(image).repository)
}

const tcpPorts: ReadonlySet<number> = new Set([
  21, 22, 25, 53, 110, 143, 389, 465, 514, 587, 601, 636, 993, 995, 1025, 1433, 1521, 1883, 2181, 3306, 4222, 5432,
  5671, 5672, 5433, 6379, 6380, 7687, 8883, 9042, 9092, 9094, 11211, 26257, 27017, 27018, 28015,
])

/** What is most likely spoken on a port of which nothing else is known. */
export function likelyProtocol(port: number): 'http' | 'tcp' | 'grpc' {
  if (tcpPorts.has(port)) return 'tcp'
  return port === 50051 ? 'grpc' : 'http'
}

const entrypoints: Readonly<Record<string, readonly string[]>> = {
  'apache/airflow': ['/usr/bin/dumb-init', '--', '/entrypoint'],
  'clickhouse/clickhouse-server': ['/entrypoint.sh'],
  'grafana/grafana': ['/run.sh'],
  'grafana/loki': ['/usr/bin/loki'],
  'hashicorp/vault': ['docker-entrypoint.sh'],
  'huggingface/text-generation-inference': ['text-generation-launcher'],
  'keycloak/keycloak': ['/opt/keycloak/bin/kc.sh'],
  'minio/minio': ['minio'],
  'mssql/server': [],
  'ollama/ollama': ['/bin/ollama'],
  'otel/opentelemetry-collector': ['/otelcol'],
  'otel/opentelemetry-collector-contrib': ['/otelcol-contrib'],
  'prom/alertmanager': ['/bin/alertmanager'],
  'prom/prometheus': ['/bin/prometheus'],
  'vllm/vllm-openai': ['vllm', 'serve'],
  ghost: ['docker-entrypoint.sh'],
  mariadb: ['docker-entrypoint.sh'],
  memcached: ['docker-entrypoint.sh'],
  mongo: ['docker-entrypoint.sh'],
  mysql: ['docker-entrypoint.sh'],
  nats: ['docker-entrypoint.sh'],
  nginx: ['/docker-entrypoint.sh'],
  node: [],
  'pgvector/pgvector': ['docker-entrypoint.sh'],
  'postgis/postgis': ['docker-entrypoint.sh'],
  python: [],
  rabbitmq: ['docker-entrypoint.sh'],
  registry: ['/entrypoint.sh'],
  'timescale/timescaledb': ['docker-entrypoint.sh'],
  traefik: ['/entrypoint.sh'],
  wordpress: ['docker-entrypoint.sh'],
  alpine: [],
  busybox: [],
  caddy: [],
  debian: [],
  'oven/bun': [],
  php: [],
  ruby: [],
  ubuntu: [],
}

/** The entry point of a well-known image, which `command` is handed to; empty when it has none, undefined when not known. */
export function entrypointOf(image: string): readonly string[] | undefined {
  return ownValue(entrypoints, readImageName(image).repository)
}
