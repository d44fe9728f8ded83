// Made by packages/model/scripts/generate-types.ts from src/schema; do not edit.
import type { ResolvedRef } from './reference.ts'
import type { Json, Percent } from './unit-types.ts'

/** Services that belong together, and all they stand on. */
export interface Fleet {
  /** The environment that the fleet was resolved for; one of `environments`. */
  readonly environment: Environment
  /** Version of this schema. */
  readonly schema: number
  /** Name of the fleet. */
  readonly name: string
  /** One line for people. */
  readonly description?: string
  /** Services. */
  readonly services: Readonly<Record<string, Service>>
  /** Jobs. */
  readonly jobs: Readonly<Record<string, Job>>
  /** PostgreSQL databases. */
  readonly postgres: Readonly<Record<string, Postgres>>
  /** Redis servers. */
  readonly redis: Readonly<Record<string, Redis>>
  /** Shared volumes. */
  readonly volumes: Readonly<Record<string, Volume>>
  /** What others run. */
  readonly externals: Readonly<Record<string, External>>
  /** Secrets. */
  readonly secrets: Readonly<Record<string, Secret>>
  /** Machines. */
  readonly machines: Readonly<Record<string, Machine>>
  /** Environments; one called `development` on this machine when absent. */
  readonly environments: Readonly<Record<string, Environment>>
  /** Who is told, in which order. */
  readonly escalations: Readonly<Record<string, Escalation>>
  /** What watches. */
  readonly monitoring: Monitoring
  /** Maintenance windows. */
  readonly maintenance: Readonly<Record<string, MaintenanceWindow>>
  /** What customers were promised. */
  readonly agreement?: Agreement
  /** Money by item. */
  readonly budget: Readonly<Record<string, Cost>>
  /** Warnings that are accepted for a while. */
  readonly silence: readonly Silence[]
}

/** Something that runs and goes on running. */
export interface Service {
  /** Its name, unique in the fleet. */
  readonly name: string
  /** One line for people. */
  readonly description?: string
  /** Team that answers for it. */
  readonly owner?: string
  /** Command that starts it; words are split as a shell would, without one. */
  readonly run?: string | readonly string[]
  /** Folder that its image is built from. */
  readonly build?: Build
  /** Image, best by digest. */
  readonly image?: string
  /** Working directory, relative to the catalog; the build context when absent. */
  readonly cwd: string
  /** User that it runs as; an unprivileged one when absent. */
  readonly user?: string
  /** What it depends on. */
  readonly needs: readonly Need[]
  /** Variables; numbers and booleans are written as text. */
  readonly env: Readonly<Record<string, string | number | boolean | SecretUse>>
  /** Cores, as request and limit. Unit: cores. */
  readonly cpu: number
  /** Memory, as request and limit. Unit: bytes. */
  readonly memory: number
  /** Ephemeral disk. Unit: bytes. */
  readonly disk: number
  /** Processes and threads at most. */
  readonly pids: number
  /** GPU wanted. */
  readonly gpu?: Gpu
  /** Where it may run. */
  readonly place: Placement
  /** Edges beyond `needs`. */
  readonly network: Network
  /** Exceptions from the restricted default. */
  readonly security: readonly SecurityException[]
  /** Escape hatch for Kubernetes. */
  readonly kubernetes: readonly KubernetesPatch[]
  /** Warnings that are accepted for a while. */
  readonly silence: readonly Silence[]
  /** How much depends on it. */
  readonly tier: 'core' | 'business' | 'support'
  /** Who is woken. */
  readonly onCall?: string
  /** Page to open at 3 a.m. */
  readonly runbook?: string
  /** Port inside the replica; on one machine each replica finds its own in `PORT`. */
  readonly port?: number
  /** What is spoken; `worker` has no port. Without a port the default is `worker`. */
  readonly protocol: 'http' | 'ws' | 'sse' | 'grpc' | 'tcp' | 'worker'
  /** Further ports. */
  readonly ports: Readonly<Record<string, Port>>
  /** Port opened on the machine itself, past the gateway (tcp). */
  readonly hostPort?: number
  /** Probes. A path alone is readiness; liveness is then whether the port accepts. */
  readonly health: Health
  /** Ways in through the gateway. */
  readonly routes: readonly Route[]
  /** Protections at the gateway. */
  readonly protect: Protections
  /** Until the first byte of an answer. Unit: ms. */
  readonly timeout: number
  /** Tries on other replicas, for requests that are safe to repeat. */
  readonly retries: number
  /** Breaker at the gateway. */
  readonly breaker?: Breaker
  /** Stickiness. */
  readonly affinity: Affinity
  /** A fixed number of replicas; not together with `scale`. One when both are absent. */
  readonly replicas?: number
  /** A moving number of replicas. */
  readonly scale?: Scale
  /** Replicas that must stay up through voluntary disruptions. */
  readonly minAvailable?: number | Percent
  /** How a new version takes over. */
  readonly rollout: Rollout
  /** Jobs that gate a release. */
  readonly migrations: Migrations
  /** People who must say yes. */
  readonly approvals: readonly Approval[]
  /** Stop contract. */
  readonly stop: Stop
  /** What it is expected to see. */
  readonly traffic?: Traffic
  /** Objectives. */
  readonly slo?: Slo
  /** Alerts of its own; those of its tier come on top. */
  readonly alerts: readonly Alert[]
  /** Load that it must bear, by name. */
  readonly load: Readonly<Record<string, LoadProfile>>
  /** Counters of its own, with what they mean. */
  readonly metrics: Readonly<Record<string, string>>
  /** Utilisation that is right. */
  readonly bands?: Bands
  /** What it costs. */
  readonly cost?: Cost
  /** Feature flags. */
  readonly flags: Readonly<Record<string, FeatureFlag>>
  /** Disks of its own, one per replica, by mount path. */
  readonly storage: Readonly<Record<string, Storage>>
}

/** How the image is made. */
export interface Build {
  /** Folder, relative to the catalog. */
  readonly context: string
  /** Dockerfile in it; Seaworthy’s own image writer when absent. */
  readonly dockerfile?: string
  /** Stage. */
  readonly target?: string
  /** Build arguments. */
  readonly args: Readonly<Record<string, string>>
}

/** A dependency: inject the address, wait for ready, draw the edge, owe an experiment for its loss. */
export interface Need {
  /** What is needed. */
  readonly on: ResolvedRef<'service' | 'postgres' | 'redis' | 'volume' | 'external' | 'job'>
  /** Prefix of the injected variables (`<AS>_URL`); the name in capitals when absent. */
  readonly as: string
  /** Starts without it and lives through its loss. */
  readonly optional: boolean
  /** Longest wait for one answer of it. Unit: ms. */
  readonly timeout: number
  /** Attempts after the first. */
  readonly retries: number
  /** Circuit breaker on the calls to it. */
  readonly breaker?: Breaker
  /** Directory at which a needed volume appears. */
  readonly mount?: string
  /** Whether the mount is read-only. */
  readonly readOnly: boolean
}

/** Stops calling what keeps failing. */
export interface Breaker {
  /** Failures in a row that open it. */
  readonly failures: number
  /** How long it stays open before it tries again. Unit: ms. */
  readonly open: number
  /** Successful trials that close it. */
  readonly probes: number
}

/** A secret handed to a service. */
export interface SecretUse {
  /** Which. */
  readonly secret: string
  /** As the variable’s value, or as a file whose path stands in `<NAME>_FILE`. */
  readonly as: 'value' | 'file'
}

/** What a replica needs of a GPU. */
export interface Gpu {
  /** GPUs, or parts of one where shared. */
  readonly count: number
  /** GPU memory it may use. Unit: bytes. */
  readonly memory?: number
  /** Way of sharing; the machine decides when absent. */
  readonly share?: GpuShare
  /** MIG profile wanted. */
  readonly profile?: string
}

/** How one GPU is divided. */
export interface GpuShare {
  /** Way of sharing. */
  readonly mode: 'exclusive' | 'time-slicing' | 'mps' | 'mig'
  /** Parts for time-slicing and MPS. */
  readonly replicas?: number
  /** MIG profiles, such as `1g.5gb`, that one GPU is cut into. */
  readonly profiles?: readonly string[]
}

/** Where replicas may run. */
export interface Placement {
  /** Only on these machines. */
  readonly machines: readonly string[]
  /** Only in these zones. */
  readonly zones: readonly string[]
  /** What replicas are spread over. */
  readonly spread: 'none' | 'machine' | 'zone'
  /** Whether two replicas may share a machine. */
  readonly antiAffinity: 'none' | 'preferred' | 'required'
}

/** Edges beyond those of `needs`. */
export interface Network {
  /** Hosts outside the fleet that may be called. */
  readonly egress: readonly string[]
  /** Services that may call in without needing this one. */
  readonly ingress: readonly string[]
  /** Lets all traffic out. */
  readonly anywhere: boolean
}

/** A way in which a service is allowed to be less than restricted, for a while and for a reason. */
export interface SecurityException {
  /** What is allowed. */
  readonly allow: 'root' | 'writable-root' | 'host-network' | 'host-path' | 'capability' | 'privilege-escalation'
  /** Linux capability, with `allow: capability`. */
  readonly capability?: string
  /** Why. */
  readonly reason: string
  /** Day on which it ends. Unit: ISO 8601. */
  readonly until: string
}

/** A merge patch on rendered objects, applied last. */
export interface KubernetesPatch {
  /** Kind of the object. */
  readonly kind: string
  /** Its name; all of that kind when absent. */
  readonly name?: string
  /** JSON merge patch (RFC 7396). */
  readonly merge: Json
}

/** A warning that was read and accepted, for a while. */
export interface Silence {
  /** Code of the warning. */
  readonly code: string
  /** Why it is accepted. */
  readonly reason: string
  /** Day from which it is heard again. Unit: ISO 8601. */
  readonly until: string
}

/** A further port. */
export interface Port {
  /** Number inside the replica. */
  readonly port: number
  /** What is spoken. */
  readonly protocol: 'http' | 'ws' | 'sse' | 'grpc' | 'tcp'
}

/** How a replica says how it is. */
export interface Health {
  /** Says no: the replica is restarted. It must not look at dependencies. */
  readonly live?: Probe
  /** Says no: the replica gets no traffic. */
  readonly ready?: Probe
  /** Holds the other two off until it has said yes once. */
  readonly startup?: Probe
}

/** One question put to a replica again and again; exactly one of `http`, `tcp`, `exec`. */
export interface Probe {
  /** Path that answers 2xx or 3xx when all is well. */
  readonly http?: string
  /** Port that accepts a connection. */
  readonly tcp?: number
  /** Command that exits 0 when all is well. */
  readonly exec?: string | readonly string[]
  /** Time between two probes. Unit: ms. */
  readonly every: number
  /** An answer later than this is a failure. Unit: ms. */
  readonly timeout: number
  /** Failures in a row that turn the answer to no. */
  readonly failures: number
  /** Successes in a row that turn the answer to yes. */
  readonly successes: number
  /** Wait before the first probe. Unit: ms. */
  readonly delay: number
}

/** One way into a service. */
export interface Route {
  /** Exact host or `*.example.com`; every host when absent. */
  readonly host?: string
  /** Path prefix, matched at segment boundaries. */
  readonly path: string
  /** Methods let in; all when absent. */
  readonly methods?: readonly ('GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS')[]
  /** Request headers that must have these values. */
  readonly headers: Readonly<Record<string, string>>
  /** API version served here. */
  readonly version?: ApiVersion
  /** Takes `path` off before forwarding. */
  readonly stripPath: boolean
  /** Lets encoded slashes and the like through. */
  readonly rawPath: boolean
  /** Until the first byte of the answer; the service timeout when absent. Unit: ms. */
  readonly timeout?: number
  /** Largest request body; the protection when absent. Unit: bytes. */
  readonly maxBody?: number
  /** Whether POST and PATCH here may safely be sent twice. */
  readonly idempotent: boolean
  /** Whether requests here may be mirrored to a shadow version. */
  readonly shadow: boolean
}

/** The API version that a route serves. */
export interface ApiVersion {
  /** Name, as in the path, the `API-Version` header and `?version=`. */
  readonly name: string
  /** How finished it is. */
  readonly status: 'beta' | 'stable' | 'deprecated'
  /** Day from which `Deprecation` (RFC 9745) is sent. Unit: ISO 8601. */
  readonly deprecated?: string
  /** Day from which it answers 410; `Sunset` (RFC 8594) is sent before. Unit: ISO 8601. */
  readonly sunset?: string
  /** Version to move to. */
  readonly successor?: string
}

/** What the gateway does before a request reaches the service. */
export interface Protections {
  /** How much one client may ask. */
  readonly rateLimit?: RateLimit
  /** Cross-origin requests. */
  readonly cors?: Cors
  /** Authentication. */
  readonly auth?: Auth
  /** Request inspection. */
  readonly inspect?: Inspection
  /** Largest request body. Unit: bytes. */
  readonly maxBody: number
  /** Response headers set on every answer, such as Content-Security-Policy. */
  readonly headers: Readonly<Record<string, string>>
  /** What request fields hold, by JSON path: narrows inspection where free text is meant. */
  readonly fields: Readonly<Record<string, 'text' | 'markdown' | 'html' | 'code' | 'json' | 'email' | 'url' | 'uuid' | 'integer' | 'number' | 'boolean' | 'date'>>
}

/** A token bucket per client. */
export interface RateLimit {
  /** Tokens that flow in. Unit: per second. */
  readonly limit: number
  /** Size of the bucket; the tokens of one period when absent. */
  readonly burst: number
  /** What tells clients apart. */
  readonly by: string
  /** Path prefixes that cost nothing. */
  readonly exempt: readonly string[]
}

/** Which other origins a browser may call from. */
export interface Cors {
  /** Exact origins, or `*`. */
  readonly origins: readonly string[]
  /** Methods allowed beyond the simple ones. */
  readonly methods: readonly ('GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS')[]
  /** Request headers allowed. */
  readonly headers: readonly string[]
  /** Whether cookies go along; impossible together with origin `*`. */
  readonly credentials: boolean
  /** How long a browser may remember the answer. Unit: ms. */
  readonly maxAge: number
}

/** Who may come in; any one of the given ways suffices. */
export interface Auth {
  /** By token. */
  readonly jwt?: Jwt
  /** By key. */
  readonly apiKey?: ApiKey
  /** Path prefixes open to all. */
  readonly exempt: readonly string[]
}

/** JSON Web Tokens that are accepted. */
export interface Jwt {
  /** Expected `iss`. */
  readonly issuer: string
  /** Expected `aud`. */
  readonly audience?: string
  /** URL of the key set. */
  readonly jwks?: string
  /** Shared key (HS256), instead of `jwks`. */
  readonly secret?: string
}

/** Static keys that are accepted. */
export interface ApiKey {
  /** Header that carries the key. */
  readonly header: string
  /** Secret that holds the keys, one a line. */
  readonly secret: string
}

/** Search of requests for attacks. */
export interface Inspection {
  /** `detect` counts and logs, `block` answers 403. */
  readonly mode: 'off' | 'detect' | 'block'
  /** What is looked for. */
  readonly classes: readonly ('sql' | 'xss' | 'command' | 'path' | 'template' | 'ssrf')[]
}

/** Keeps a client on one replica and version. */
export interface Affinity {
  /** What identifies the client. */
  readonly by: 'none' | 'cookie' | 'header' | 'ip'
  /** Cookie or header name. */
  readonly name?: string
}

/** Between how many replicas, and what moves the number. */
export interface Scale {
  /** Replicas at least. */
  readonly min: number
  /** Replicas at most. */
  readonly max: number
  /** Target CPU use relative to what is requested. Unit: fraction, 0..1. */
  readonly cpu?: number
  /** Target memory use relative to what is requested. Unit: fraction, 0..1. */
  readonly memory?: number
  /** Target requests in flight per replica. */
  readonly inFlight?: number
  /** Floors by the clock. */
  readonly schedule: readonly ScaleSchedule[]
  /** Growth. */
  readonly up: ScaleStep
  /** Shrinking. */
  readonly down: ScaleStep
}

/** A floor by the clock. */
export interface ScaleSchedule {
  /** When it begins (UTC). Unit: UTC. */
  readonly cron: string
  /** How long it holds. Unit: ms. */
  readonly for: number
  /** Replicas at least. */
  readonly min: number
}

/** How fast the number of replicas may change. */
export interface ScaleStep {
  /** Largest change per window, relative to what runs. Unit: fraction, 0..1. */
  readonly percent?: number
  /** Largest change per window, in replicas. */
  readonly replicas?: number
  /** The window. Unit: ms. */
  readonly window: number
  /** The recommendation must have held this long. Unit: ms. */
  readonly stabilise: number
}

/** How a new version takes over. */
export interface Rollout {
  /** Strategy. */
  readonly strategy: 'rolling' | 'blue-green' | 'canary'
  /** Shares of a canary in order; the last is 100 %. The planner chooses when absent. Unit: fraction, 0..1. */
  readonly steps?: readonly number[]
  /** Replicas above the wanted number while rolling. */
  readonly maxSurge: number | Percent
  /** Replicas below it. */
  readonly maxUnavailable: number | Percent
  /** How long the previous version stays ready to take over again. Unit: ms. */
  readonly keepWarm: number
  /** Decision rule. */
  readonly verdict: Verdict
  /** Tests of the preview. */
  readonly smoke: readonly SmokeTest[]
  /** Commands around steps. */
  readonly hooks: readonly Hook[]
  /** Mirroring before the first step. */
  readonly shadow?: Shadow
  /** Whether synthetic load may fill thin traffic. */
  readonly inject: boolean
  /** What harm leads to. */
  readonly onHarm: 'rollback' | 'hold'
}

/** When a release goes back and when it goes on. */
export interface Verdict {
  /** Chance of rolling back a version that is no worse, whatever was looked at and how often. */
  readonly alpha: number
  /** Chance of promoting a version that is worse by `slip`. */
  readonly beta: number
  /** Ratio of failure rates (canary to baseline) still called no worse. */
  readonly margin: number
  /** Ratio of failure rates that must not slip through. */
  readonly slip: number
  /** Ratio of failure rates that must be found within `deadline`; checked against the declared traffic. */
  readonly detect: number
  /** Bounds: a slower answer is an event. The latency objectives when absent. Unit: ms. */
  readonly latency?: readonly number[]
  /** Further counters. */
  readonly metrics: readonly VerdictMetric[]
  /** Requests that the canary must have served before a step may pass. */
  readonly minRequests: number
  /** Longest time in one step. Unit: ms. */
  readonly deadline: number
  /** Time after the start of new replicas that is not counted. Unit: ms. */
  readonly warmUp: number
  /** Failures of one client within this window count once. Unit: ms. */
  readonly episode: number
  /** What happens when the deadline passes without evidence. */
  readonly underpowered: 'hold' | 'promote' | 'rollback'
}

/** Something counted besides errors and latency. */
export interface VerdictMetric {
  /** Counter of the service. */
  readonly name: string
  /** Ratio of canary to baseline that is harm; the verdict’s when absent. */
  readonly harm?: number
}

/** One thing that a new version must do before it gets traffic; exactly one of `http`, `run`. */
export interface SmokeTest {
  /** What it shows. */
  readonly name?: string
  /** Path asked of every new replica. */
  readonly http?: string
  /** Status expected. */
  readonly expect: number
  /** Text that the body must hold. */
  readonly contains?: string
  /** Command that must exit 0; `SEAWORTHY_TARGET` holds the base URL of the preview. */
  readonly run?: string | readonly string[]
  /** Time for it. Unit: ms. */
  readonly timeout: number
}

/** A command around a step of a release. */
export interface Hook {
  /** Command; `SEAWORTHY_RELEASE`, `SEAWORTHY_STEP` and `SEAWORTHY_VERSION` tell where it stands. */
  readonly run: string | readonly string[]
  /** When. */
  readonly when: 'before-release' | 'before-step' | 'after-step' | 'after-release' | 'after-rollback'
  /** Time for it; a failure or a time-out stops the release. Unit: ms. */
  readonly timeout: number
}

/** Mirroring of safe requests to the new version, answers compared and thrown away. */
export interface Shadow {
  /** Share of safe requests that is mirrored. Unit: fraction, 0..1. */
  readonly share: number
  /** Mirrored requests at once, at most. */
  readonly maxInFlight: number
  /** JSON paths and headers that may differ. */
  readonly ignore: readonly string[]
}

/** Jobs that gate a release. */
export interface Migrations {
  /** Expand: run before the first new replica starts. */
  readonly before: readonly string[]
  /** Contract: run when the previous version is gone. */
  readonly after: readonly string[]
}

/** A person’s yes. */
export interface Approval {
  /** Who may give it: user or group names. */
  readonly by: readonly string[]
  /** How many of them. */
  readonly count: number
  /** What waits for it. */
  readonly before: 'release' | 'promote'
  /** Without it by then the release is aborted. Unit: ms. */
  readonly timeout: number
}

/** How a replica ends: out of rotation, signal, drain, kill. */
export interface Stop {
  /** Signal that asks the process group to finish. */
  readonly signal: 'SIGTERM' | 'SIGINT' | 'SIGQUIT' | 'SIGHUP' | 'SIGUSR1' | 'SIGUSR2'
  /** Time for requests in flight to end. Unit: ms. */
  readonly drain: number
  /** Time from the signal to SIGKILL; not below `drain`. Unit: ms. */
  readonly grace: number
  /** Command run before the signal is sent. */
  readonly command?: string | readonly string[]
}

/** What the service is expected to see: the ground that SLO and canary claims are checked on. */
export interface Traffic {
  /** Requests (or messages) on an ordinary day. Unit: per second. */
  readonly rate: number
  /** Requests at the busiest. Unit: per second. */
  readonly peak?: number
  /** Share of failures that is normal today. Unit: fraction, 0..1. */
  readonly errors: number
}

/** What the service promises, over a window. */
export interface Slo {
  /** Share of requests answered without a server error. Unit: fraction, 0..1. */
  readonly availability?: number
  /** Quantiles and their bounds, such as `p95: 500ms`. Unit: ms. */
  readonly latency: Readonly<Record<string, number>>
  /** Share of failed requests, at most. Unit: fraction, 0..1. */
  readonly errors?: number
  /** Requests that must be possible. Unit: per second. */
  readonly throughput?: number
  /** Age of the oldest waiting message, at most. Unit: ms. */
  readonly queueAge?: number
  /** Band in which GPU use should lie. Unit: fraction, 0..1. */
  readonly gpu?: readonly [number, number]
  /** Window over which it is counted. Unit: ms. */
  readonly window: number
  /** Shares of the service’s own good events, by name. Unit: fraction, 0..1. */
  readonly custom: Readonly<Record<string, number>>
}

/** A condition that someone should know of. */
export interface Alert {
  /** Name, unique in the service. */
  readonly name: string
  /** Condition: a signal, a comparison and a value with its unit. */
  readonly when: string
  /** How long it must hold. Unit: ms. */
  readonly for: number
  /** How urgent. */
  readonly severity: 'critical' | 'warning' | 'info'
  /** Whom it reaches; the fleet’s choice for the severity when absent. */
  readonly notify?: string
  /** What to do; the service’s when absent. */
  readonly runbook?: string
}

/** Load that the service must bear. */
export interface LoadProfile {
  /** Shape. */
  readonly kind: 'constant' | 'ramp' | 'spike' | 'burst' | 'sine' | 'soak'
  /** Users at once, or `[from, to]`. */
  readonly users?: number | readonly [number, number]
  /** Requests, instead of users. Unit: per second. */
  readonly rate?: number
  /** How long. Unit: ms. */
  readonly for: number
  /** Name of the request mix. */
  readonly scenario?: string
}

/** Utilisation that is right: below is waste, above is risk. */
export interface Bands {
  /** CPU. Unit: fraction, 0..1. */
  readonly cpu?: readonly [number, number]
  /** Memory. Unit: fraction, 0..1. */
  readonly memory?: readonly [number, number]
  /** Disk. Unit: fraction, 0..1. */
  readonly disk?: readonly [number, number]
  /** GPU. Unit: fraction, 0..1. */
  readonly gpu?: readonly [number, number]
}

/** Money a month. */
export interface Cost {
  /** Amount, or `[low, high]`. */
  readonly perMonth: number | readonly [number, number]
  /** Currency. */
  readonly currency: 'USD' | 'EUR' | 'GBP' | 'RON' | 'JPY' | 'CHF'
}

/** A switch that is turned without a release. */
export interface FeatureFlag {
  /** Variant when nothing else applies. */
  readonly default: boolean | number | string
  /** Named variants. */
  readonly variants: Readonly<Record<string, Json>>
  /** Targeting, first match wins. */
  readonly rules: readonly FlagRule[]
  /** Shares through which the new variant is brought in, with a verdict. Unit: fraction, 0..1. */
  readonly ramp?: readonly number[]
  /** Who removes it. */
  readonly owner?: string
  /** Day by which it should be gone. Unit: ISO 8601. */
  readonly until?: string
}

/** Who gets which variant. */
export interface FlagRule {
  /** Attributes of the caller that must match. */
  readonly when: Readonly<Record<string, string | readonly string[]>>
  /** Variant for them. */
  readonly value: boolean | number | string
}

/** Room for data. */
export interface Storage {
  /** How much. Unit: bytes. */
  readonly size: number
  /** Storage class of the target. */
  readonly class?: string
  /** Who may mount it: one machine, many, or many for reading. */
  readonly access: 'one' | 'many' | 'many-readers'
}

/** Something that runs to its end: a migration, a nightly task. */
export interface Job {
  /** Its name, unique in the fleet. */
  readonly name: string
  /** One line for people. */
  readonly description?: string
  /** Team that answers for it. */
  readonly owner?: string
  /** Command that starts it; words are split as a shell would, without one. */
  readonly run?: string | readonly string[]
  /** Folder that its image is built from. */
  readonly build?: Build
  /** Image, best by digest. */
  readonly image?: string
  /** Working directory, relative to the catalog; the build context when absent. */
  readonly cwd: string
  /** User that it runs as; an unprivileged one when absent. */
  readonly user?: string
  /** What it depends on. */
  readonly needs: readonly Need[]
  /** Variables; numbers and booleans are written as text. */
  readonly env: Readonly<Record<string, string | number | boolean | SecretUse>>
  /** Cores, as request and limit. Unit: cores. */
  readonly cpu: number
  /** Memory, as request and limit. Unit: bytes. */
  readonly memory: number
  /** Ephemeral disk. Unit: bytes. */
  readonly disk: number
  /** Processes and threads at most. */
  readonly pids: number
  /** GPU wanted. */
  readonly gpu?: Gpu
  /** Where it may run. */
  readonly place: Placement
  /** Edges beyond `needs`. */
  readonly network: Network
  /** Exceptions from the restricted default. */
  readonly security: readonly SecurityException[]
  /** Escape hatch for Kubernetes. */
  readonly kubernetes: readonly KubernetesPatch[]
  /** Warnings that are accepted for a while. */
  readonly silence: readonly Silence[]
  /** When it runs (UTC); a job without one runs once per release. Unit: UTC. */
  readonly schedule?: string
  /** What happens to runs missed while nothing ran. */
  readonly missed: 'skip' | 'once' | 'all'
  /** What happens when the last run is still going. */
  readonly concurrency: 'forbid' | 'allow' | 'replace'
  /** Tries before it counts as failed. */
  readonly attempts: number
  /** Longest run. Unit: ms. */
  readonly timeout: number
  /** Whether a release past it can’t go back (it then freezes instead). */
  readonly irreversible: boolean
}

/** A PostgreSQL database. */
export interface Postgres {
  /** Its name, unique in the fleet. */
  readonly name: string
  /** Major version; what is there when absent. */
  readonly version?: number
  /** Database name; the resource name when absent. */
  readonly database: string
  /** Room for data. */
  readonly storage: Storage
  /** Backups. */
  readonly backup?: Backup
  /** An existing server: `env:NAME` or a URL without a password. */
  readonly url?: string
  /** What runs it on Kubernetes. */
  readonly operator: 'none' | 'cloudnative-pg'
  /** Instances, with an operator. */
  readonly replicas: number
  /** Zones that it is spread over. */
  readonly zones: readonly string[]
  /** Connections at once. */
  readonly maxConnections: number
}

/** How data survive their machine. */
export interface Backup {
  /** When a backup is made (UTC). Unit: UTC. */
  readonly schedule?: string
  /** Time between backups, instead of `schedule`. Unit: ms. */
  readonly every?: number
  /** Whether the write-ahead log is archived all the time (PostgreSQL). */
  readonly continuous: boolean
  /** Longest time a log segment waits, with `continuous`. Unit: ms. */
  readonly archiveEvery: number
  /** Recovery point objective: data of this length may be lost. Unit: ms. */
  readonly rpo?: number
  /** Recovery time objective: the restore may take this long. Unit: ms. */
  readonly rto?: number
  /** What is kept. */
  readonly retention: Retention
  /** Where copies go, such as `s3:bucket/path` or `sftp:host:/path`. */
  readonly remote: readonly string[]
  /** When a restore is tried (UTC). Unit: UTC. */
  readonly drill?: string
  /** Command before each backup. */
  readonly before?: string | readonly string[]
  /** Command after each backup. */
  readonly after?: string | readonly string[]
  /** Whether users of the data are stopped meanwhile, in order. */
  readonly stopServices: boolean
}

/** How many backups are kept. */
export interface Retention {
  /** The newest ones. */
  readonly last: number
  /** One a day. */
  readonly daily: number
  /** One a week. */
  readonly weekly: number
  /** One a month. */
  readonly monthly: number
}

/** A Redis server. */
export interface Redis {
  /** Its name, unique in the fleet. */
  readonly name: string
  /** Room for data. */
  readonly storage: Storage
  /** Whether data outlive a restart. */
  readonly persist: boolean
  /** Memory for data. Unit: bytes. */
  readonly maxMemory: number
  /** What goes when it is full. */
  readonly eviction: 'noeviction' | 'allkeys-lru' | 'allkeys-lfu' | 'volatile-lru' | 'volatile-ttl'
  /** Backups. */
  readonly backup?: Backup
  /** An existing server: `env:NAME` or a URL without a password. */
  readonly url?: string
}

/** Files that outlive replicas. */
export interface Volume {
  /** Its name, unique in the fleet. */
  readonly name: string
  /** Room. */
  readonly storage: Storage
  /** Backups. */
  readonly backup?: Backup
}

/** Something that others run. */
export interface External {
  /** Its name, unique in the fleet. */
  readonly name: string
  /** Its address: `env:NAME` or a URL. */
  readonly url: string
  /** How readiness is asked. */
  readonly check: 'none' | 'tcp' | 'http'
}

/** A value that must not be seen. */
export interface Secret {
  /** Its name, unique in the fleet. */
  readonly name: string
  /** Where it comes from; `env:` and its name in capitals when absent. */
  readonly from: string
  /** How often the source is read again. Unit: ms. */
  readonly refresh: number
  /** Age at which a new value is due. Unit: ms. */
  readonly rotateEvery?: number
  /** What its users do when it changes. */
  readonly onRotate: 'restart' | 'signal' | 'nothing'
}

/** A computer that replicas run on. */
export interface Machine {
  /** Its name, unique in the fleet. */
  readonly name: string
  /** Host name or IP address. */
  readonly address?: string
  /** Failure zone. */
  readonly zone: string
  /** Cores for replicas. Unit: cores. */
  readonly cpu?: number
  /** Memory for replicas. Unit: bytes. */
  readonly memory?: number
  /** Its GPUs. */
  readonly gpu?: MachineGpu
  /** Utilisation that is right. */
  readonly bands?: Bands
  /** What it costs. */
  readonly cost?: Cost
}

/** GPUs of a machine. */
export interface MachineGpu {
  /** Product name, such as `RTX 4090` or `A100 40GB`. */
  readonly model: string
  /** How many. */
  readonly count: number
  /** Memory of each. Unit: bytes. */
  readonly memory?: number
  /** Way of sharing. */
  readonly share: MachineGpuShare
}

/** How its GPUs are divided. */
export interface MachineGpuShare {
  /** Way of sharing. */
  readonly mode: 'exclusive' | 'time-slicing' | 'mps' | 'mig'
  /** Parts for time-slicing and MPS. */
  readonly replicas?: number
  /** MIG profiles that each GPU is cut into. */
  readonly profiles?: readonly string[]
}

/** A place where the fleet runs. */
export interface Environment {
  /** Its name, unique in the fleet. */
  readonly name: string
  /** What runs it. */
  readonly engine: 'machine' | 'kubernetes'
  /** Context of the kubeconfig. */
  readonly context?: string
  /** Namespace; the fleet’s name when absent. */
  readonly namespace: string
  /** Domain put behind route hosts without a dot. */
  readonly domain?: string
  /** Port of the gateway on one machine; 0 finds one. */
  readonly gatewayPort: number
  /** Where certificates come from. */
  readonly tls: 'off' | 'development' | 'cert-manager' | 'files'
  /** People who must say yes before a release here. */
  readonly approvals: readonly Approval[]
  /** Times without releases. */
  readonly freezes: readonly Freeze[]
  /** Bounds on everything. */
  readonly quota?: Quota
  /** Variables of every service and job here, beneath their own. */
  readonly env: Readonly<Record<string, string>>
  /** What capacity costs here. */
  readonly prices?: Prices
  /** What splits traffic on Kubernetes: Seaworthy’s gateway or Gateway API weights. */
  readonly router: 'gateway' | 'gateway-api'
  /** What brings traffic in on Kubernetes. */
  readonly ingress: 'none' | 'ingress' | 'gateway-api'
  /** Ingress or Gateway class. */
  readonly ingressClass: string
  /** What scales on Kubernetes. */
  readonly autoscaler: 'hpa' | 'keda'
  /** How secrets reach Kubernetes. */
  readonly secrets: 'plain' | 'external-secrets' | 'age'
  /** Address of the Vault server behind External Secrets. */
  readonly secretStore?: string
}

/** A time without releases. */
export interface Freeze {
  /** When it begins (UTC). Unit: UTC. */
  readonly cron: string
  /** How long. Unit: ms. */
  readonly for: number
  /** Why. */
  readonly reason: string
}

/** Bounds on everything that the fleet takes in one environment. */
export interface Quota {
  /** Cores. Unit: cores. */
  readonly cpu?: number
  /** Memory. Unit: bytes. */
  readonly memory?: number
  /** Persistent storage. Unit: bytes. */
  readonly storage?: number
  /** Replicas. */
  readonly replicas?: number
}

/** What a unit of capacity costs. */
export interface Prices {
  /** A core for an hour. */
  readonly cpuHour?: number
  /** A GiB of memory for an hour. */
  readonly memoryGiHour?: number
  /** A GPU for an hour. */
  readonly gpuHour?: number
  /** A GiB of storage for a month. */
  readonly storageGiMonth?: number
  /** A GiB sent out. */
  readonly egressGi?: number
  /** A million requests. */
  readonly millionRequests?: number
  /** Currency. */
  readonly currency: 'USD' | 'EUR' | 'GBP' | 'RON' | 'JPY' | 'CHF'
}

/** A chain of receivers. */
export interface Escalation {
  /** In order. */
  readonly steps: readonly EscalationStep[]
  /** Time within which someone must react. Unit: ms. */
  readonly respond?: number
  /** Time within which it must be over. Unit: ms. */
  readonly resolve?: number
}

/** Whom to tell, and when. */
export interface EscalationStep {
  /** Time without acknowledgement. Unit: ms. */
  readonly after: number
  /** Receivers. */
  readonly to: readonly string[]
}

/** What watches the fleet. */
export interface Monitoring {
  /** Prometheus of the fleet’s own. */
  readonly prometheus?: Prometheus
  /** Whether the Prometheus operator’s ServiceMonitor and PrometheusRule are used on Kubernetes. */
  readonly operator: boolean
  /** Whether dashboards are rendered. */
  readonly grafana: boolean
  /** Scrape interval by tier. Unit: ms. */
  readonly scrape: Readonly<Record<string, number>>
  /** Alerts by tier (`core`, `business`, `support`), on every service of it, and under `fleet` those of the whole. */
  readonly alerts: Readonly<Record<string, readonly Alert[]>>
  /** Escalation by severity. */
  readonly notify: Readonly<Record<string, string>>
}

/** A metrics server. */
export interface Prometheus {
  /** How long samples are kept. Unit: ms. */
  readonly retention: number
  /** Room for samples. */
  readonly storage: Storage
}

/** A time in which disruption is allowed. */
export interface MaintenanceWindow {
  /** When it begins (UTC); none for emergencies. `6#1` as day of week is the first Saturday. Unit: UTC. */
  readonly schedule?: string
  /** How long. Unit: ms. */
  readonly for: number
  /** How long before it is announced. Unit: ms. */
  readonly notice: number
  /** What for. */
  readonly purpose?: string
}

/** What customers were promised (SLA). */
export interface Agreement {
  /** Share of time or requests. Unit: fraction, 0..1. */
  readonly availability: number
  /** Reaction to a critical incident. Unit: ms. */
  readonly respond?: number
  /** End of a critical incident. Unit: ms. */
  readonly resolve?: number
}
