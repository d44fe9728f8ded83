// Made by packages/model/scripts/generate-types.ts from src/schema; do not edit.
import type { Overlay } from './overlay.ts'
import type { Ref } from './reference.ts'
import type { CalendarDate, Cpu, Duration, Json, Percent, Rate, Size } from './unit-types.ts'

/** Services that belong together, and all they stand on. */
export interface FleetSpec {
  /** Version of this schema. Default: `1`. */
  readonly schema?: number
  /** Name of the fleet. */
  readonly name: string
  /** One line for people. */
  readonly description?: string
  /** Services. Default: `{}`. */
  readonly services?: Readonly<Record<string, ServiceSpec>>
  /** Jobs. Default: `{}`. */
  readonly jobs?: Readonly<Record<string, JobSpec>>
  /** PostgreSQL databases. Default: `{}`. */
  readonly postgres?: Readonly<Record<string, PostgresSpec>>
  /** Redis servers. Default: `{}`. */
  readonly redis?: Readonly<Record<string, RedisSpec>>
  /** Shared volumes. Default: `{}`. */
  readonly volumes?: Readonly<Record<string, VolumeSpec>>
  /** What others run. Default: `{}`. */
  readonly externals?: Readonly<Record<string, ExternalSpec>>
  /** Secrets. Default: `{}`. */
  readonly secrets?: Readonly<Record<string, SecretSpec>>
  /** Machines. Default: `{}`. */
  readonly machines?: Readonly<Record<string, MachineSpec>>
  /** Environments; one called `development` on this machine when absent. Default: `{"development":{}}`. */
  readonly environments?: Readonly<Record<string, EnvironmentSpec>>
  /** Who is told, in which order. Default: `{}`. */
  readonly escalations?: Readonly<Record<string, EscalationSpec>>
  /** What watches. Default: `{}`. */
  readonly monitoring?: MonitoringSpec
  /** Maintenance windows. Default: `{}`. */
  readonly maintenance?: Readonly<Record<string, MaintenanceWindowSpec>>
  /** What customers were promised. */
  readonly agreement?: AgreementSpec
  /** Money by item. Default: `{}`. */
  readonly budget?: Readonly<Record<string, CostSpec>>
  /** Warnings that are accepted for a while. Default: `[]`. */
  readonly silence?: readonly SilenceSpec[]
}

/** Something that runs and goes on running. */
export interface ServiceSpec {
  /** One line for people. */
  readonly description?: string
  /** Team that answers for it. */
  readonly owner?: string
  /** Command that starts it; words are split as a shell would, without one. */
  readonly run?: string | readonly string[]
  /** Folder that its image is built from. */
  readonly build?: string | BuildSpec
  /** Image, best by digest. */
  readonly image?: string
  /** Working directory, relative to the catalog; the build context when absent. */
  readonly cwd?: string
  /** User that it runs as; an unprivileged one when absent. */
  readonly user?: string
  /** What it depends on. Default: `[]`. */
  readonly needs?: readonly (Ref<'service' | 'postgres' | 'redis' | 'volume' | 'external' | 'job'> | NeedSpec)[]
  /** Variables; numbers and booleans are written as text. Default: `{}`. */
  readonly env?: Readonly<Record<string, string | number | boolean | Ref<'secret'> | SecretUseSpec>>
  /** Cores, as request and limit. Default: `0.25`. */
  readonly cpu?: Cpu
  /** Memory, as request and limit. Default: `"256Mi"`. */
  readonly memory?: Size
  /** Ephemeral disk. Default: `"1Gi"`. */
  readonly disk?: Size
  /** Processes and threads at most. Default: `512`. */
  readonly pids?: number
  /** GPU wanted. */
  readonly gpu?: number | GpuSpec
  /** Where it may run. Default: `{}`. */
  readonly place?: readonly Ref<'machine'>[] | PlacementSpec
  /** Edges beyond `needs`. Default: `{}`. */
  readonly network?: NetworkSpec
  /** Exceptions from the restricted default. Default: `[]`. */
  readonly security?: readonly SecurityExceptionSpec[]
  /** Escape hatch for Kubernetes. Default: `[]`. */
  readonly kubernetes?: readonly KubernetesPatchSpec[]
  /** Warnings that are accepted for a while. Default: `[]`. */
  readonly silence?: readonly SilenceSpec[]
  /** How much depends on it. Default: `"business"`. */
  readonly tier?: 'core' | 'business' | 'support'
  /** Who is woken. */
  readonly onCall?: Ref<'escalation'>
  /** Page to open at 3 a.m. */
  readonly runbook?: string
  /** Port inside the replica; on one machine each replica finds its own in `PORT`. */
  readonly port?: number
  /** What is spoken; `worker` has no port. Without a port the default is `worker`. Default: `"http"`. */
  readonly protocol?: 'http' | 'ws' | 'sse' | 'grpc' | 'tcp' | 'worker'
  /** Further ports. Default: `{}`. */
  readonly ports?: Readonly<Record<string, PortSpec>>
  /** Port opened on the machine itself, past the gateway (tcp). */
  readonly hostPort?: number
  /** Probes. A path alone is readiness; liveness is then whether the port accepts. Default: `{}`. */
  readonly health?: string | HealthSpec
  /** Ways in through the gateway. Default: `[]`. */
  readonly routes?: readonly (string | RouteSpec)[]
  /** Protections at the gateway. Default: `{}`. */
  readonly protect?: ProtectionsSpec
  /** Until the first byte of an answer. Default: `"30s"`. */
  readonly timeout?: Duration
  /** Tries on other replicas, for requests that are safe to repeat. Default: `1`. */
  readonly retries?: number
  /** Breaker at the gateway. */
  readonly breaker?: BreakerSpec
  /** Stickiness. Default: `"none"`. */
  readonly affinity?: 'none' | 'cookie' | 'header' | 'ip' | AffinitySpec
  /** A fixed number of replicas; not together with `scale`. One when both are absent. */
  readonly replicas?: number
  /** A moving number of replicas. */
  readonly scale?: readonly [number, number] | ScaleSpec
  /** Replicas that must stay up through voluntary disruptions. */
  readonly minAvailable?: number | Percent
  /** How a new version takes over. Default: `"rolling"`. */
  readonly rollout?: 'rolling' | 'blue-green' | 'canary' | RolloutSpec
  /** Jobs that gate a release. Default: `{}`. */
  readonly migrations?: MigrationsSpec
  /** People who must say yes. Default: `[]`. */
  readonly approvals?: readonly ApprovalSpec[]
  /** Stop contract. Default: `{}`. */
  readonly stop?: Duration | StopSpec
  /** What it is expected to see. */
  readonly traffic?: TrafficSpec
  /** Objectives. */
  readonly slo?: Percent | SloSpec
  /** Alerts of its own; those of its tier come on top. Default: `[]`. */
  readonly alerts?: readonly AlertSpec[]
  /** Load that it must bear, by name. Default: `{}`. */
  readonly load?: Readonly<Record<string, LoadProfileSpec>>
  /** Counters of its own, with what they mean. Default: `{}`. */
  readonly metrics?: Readonly<Record<string, string>>
  /** Utilisation that is right. */
  readonly bands?: BandsSpec
  /** What it costs. */
  readonly cost?: CostSpec
  /** Feature flags. Default: `{}`. */
  readonly flags?: Readonly<Record<string, FeatureFlagSpec>>
  /** Disks of its own, one per replica, by mount path. Default: `{}`. */
  readonly storage?: Readonly<Record<string, Size | StorageSpec>>
  /** What differs, by environment: objects merge, everything else replaces, `null` goes back to the default. Default: `{}`. */
  readonly on?: Readonly<Record<string, ServiceOverlaySpec>>
}

/** What differs from a Service in one environment. */
export interface ServiceOverlaySpec {
  /** One line for people. */
  readonly description?: Overlay<string> | null
  /** Team that answers for it. */
  readonly owner?: Overlay<string> | null
  /** Command that starts it; words are split as a shell would, without one. */
  readonly run?: Overlay<string | readonly string[]> | null
  /** Folder that its image is built from. */
  readonly build?: Overlay<string | BuildSpec> | null
  /** Image, best by digest. */
  readonly image?: Overlay<string> | null
  /** Working directory, relative to the catalog; the build context when absent. */
  readonly cwd?: Overlay<string> | null
  /** User that it runs as; an unprivileged one when absent. */
  readonly user?: Overlay<string> | null
  /** What it depends on. */
  readonly needs?: Overlay<readonly (Ref<'service' | 'postgres' | 'redis' | 'volume' | 'external' | 'job'> | NeedSpec)[]> | null
  /** Variables; numbers and booleans are written as text. */
  readonly env?: Overlay<Readonly<Record<string, string | number | boolean | Ref<'secret'> | SecretUseSpec>>> | null
  /** Cores, as request and limit. */
  readonly cpu?: Overlay<Cpu> | null
  /** Memory, as request and limit. */
  readonly memory?: Overlay<Size> | null
  /** Ephemeral disk. */
  readonly disk?: Overlay<Size> | null
  /** Processes and threads at most. */
  readonly pids?: Overlay<number> | null
  /** GPU wanted. */
  readonly gpu?: Overlay<number | GpuSpec> | null
  /** Where it may run. */
  readonly place?: Overlay<readonly Ref<'machine'>[] | PlacementSpec> | null
  /** Edges beyond `needs`. */
  readonly network?: Overlay<NetworkSpec> | null
  /** Exceptions from the restricted default. */
  readonly security?: Overlay<readonly SecurityExceptionSpec[]> | null
  /** Escape hatch for Kubernetes. */
  readonly kubernetes?: Overlay<readonly KubernetesPatchSpec[]> | null
  /** Warnings that are accepted for a while. */
  readonly silence?: Overlay<readonly SilenceSpec[]> | null
  /** How much depends on it. */
  readonly tier?: Overlay<'core' | 'business' | 'support'> | null
  /** Who is woken. */
  readonly onCall?: Overlay<Ref<'escalation'>> | null
  /** Page to open at 3 a.m. */
  readonly runbook?: Overlay<string> | null
  /** Port inside the replica; on one machine each replica finds its own in `PORT`. */
  readonly port?: Overlay<number> | null
  /** What is spoken; `worker` has no port. Without a port the default is `worker`. */
  readonly protocol?: Overlay<'http' | 'ws' | 'sse' | 'grpc' | 'tcp' | 'worker'> | null
  /** Further ports. */
  readonly ports?: Overlay<Readonly<Record<string, PortSpec>>> | null
  /** Port opened on the machine itself, past the gateway (tcp). */
  readonly hostPort?: Overlay<number> | null
  /** Probes. A path alone is readiness; liveness is then whether the port accepts. */
  readonly health?: Overlay<string | HealthSpec> | null
  /** Ways in through the gateway. */
  readonly routes?: Overlay<readonly (string | RouteSpec)[]> | null
  /** Protections at the gateway. */
  readonly protect?: Overlay<ProtectionsSpec> | null
  /** Until the first byte of an answer. */
  readonly timeout?: Overlay<Duration> | null
  /** Tries on other replicas, for requests that are safe to repeat. */
  readonly retries?: Overlay<number> | null
  /** Breaker at the gateway. */
  readonly breaker?: Overlay<BreakerSpec> | null
  /** Stickiness. */
  readonly affinity?: Overlay<'none' | 'cookie' | 'header' | 'ip' | AffinitySpec> | null
  /** A fixed number of replicas; not together with `scale`. One when both are absent. */
  readonly replicas?: Overlay<number> | null
  /** A moving number of replicas. */
  readonly scale?: Overlay<readonly [number, number] | ScaleSpec> | null
  /** Replicas that must stay up through voluntary disruptions. */
  readonly minAvailable?: Overlay<number | Percent> | null
  /** How a new version takes over. */
  readonly rollout?: Overlay<'rolling' | 'blue-green' | 'canary' | RolloutSpec> | null
  /** Jobs that gate a release. */
  readonly migrations?: Overlay<MigrationsSpec> | null
  /** People who must say yes. */
  readonly approvals?: Overlay<readonly ApprovalSpec[]> | null
  /** Stop contract. */
  readonly stop?: Overlay<Duration | StopSpec> | null
  /** What it is expected to see. */
  readonly traffic?: Overlay<TrafficSpec> | null
  /** Objectives. */
  readonly slo?: Overlay<Percent | SloSpec> | null
  /** Alerts of its own; those of its tier come on top. */
  readonly alerts?: Overlay<readonly AlertSpec[]> | null
  /** Load that it must bear, by name. */
  readonly load?: Overlay<Readonly<Record<string, LoadProfileSpec>>> | null
  /** Counters of its own, with what they mean. */
  readonly metrics?: Overlay<Readonly<Record<string, string>>> | null
  /** Utilisation that is right. */
  readonly bands?: Overlay<BandsSpec> | null
  /** What it costs. */
  readonly cost?: Overlay<CostSpec> | null
  /** Feature flags. */
  readonly flags?: Overlay<Readonly<Record<string, FeatureFlagSpec>>> | null
  /** Disks of its own, one per replica, by mount path. */
  readonly storage?: Overlay<Readonly<Record<string, Size | StorageSpec>>> | null
}

/** How the image is made. */
export interface BuildSpec {
  /** Folder, relative to the catalog. */
  readonly context: string
  /** Dockerfile in it; Seaworthy’s own image writer when absent. */
  readonly dockerfile?: string
  /** Stage. */
  readonly target?: string
  /** Build arguments. Default: `{}`. */
  readonly args?: Readonly<Record<string, string>>
}

/** A dependency: inject the address, wait for ready, draw the edge, owe an experiment for its loss. */
export interface NeedSpec {
  /** What is needed. */
  readonly on: Ref<'service' | 'postgres' | 'redis' | 'volume' | 'external' | 'job'>
  /** Prefix of the injected variables (`<AS>_URL`); the name in capitals when absent. */
  readonly as?: string
  /** Starts without it and lives through its loss. Default: `false`. */
  readonly optional?: boolean
  /** Longest wait for one answer of it. Default: `"5s"`. */
  readonly timeout?: Duration
  /** Attempts after the first. Default: `0`. */
  readonly retries?: number
  /** Circuit breaker on the calls to it. */
  readonly breaker?: BreakerSpec
  /** Directory at which a needed volume appears. */
  readonly mount?: string
  /** Whether the mount is read-only. Default: `false`. */
  readonly readOnly?: boolean
}

/** Stops calling what keeps failing. */
export interface BreakerSpec {
  /** Failures in a row that open it. Default: `5`. */
  readonly failures?: number
  /** How long it stays open before it tries again. Default: `"60s"`. */
  readonly open?: Duration
  /** Successful trials that close it. Default: `1`. */
  readonly probes?: number
}

/** A secret handed to a service. */
export interface SecretUseSpec {
  /** Which. */
  readonly secret: Ref<'secret'>
  /** As the variable’s value, or as a file whose path stands in `<NAME>_FILE`. Default: `"value"`. */
  readonly as?: 'value' | 'file'
}

/** What a replica needs of a GPU. */
export interface GpuSpec {
  /** GPUs, or parts of one where shared. Default: `1`. */
  readonly count?: number
  /** GPU memory it may use. */
  readonly memory?: Size
  /** Way of sharing; the machine decides when absent. */
  readonly share?: 'exclusive' | 'time-slicing' | 'mps' | 'mig' | GpuShareSpec
  /** MIG profile wanted. */
  readonly profile?: string
}

/** How one GPU is divided. */
export interface GpuShareSpec {
  /** Way of sharing. Default: `"exclusive"`. */
  readonly mode?: 'exclusive' | 'time-slicing' | 'mps' | 'mig'
  /** Parts for time-slicing and MPS. */
  readonly replicas?: number
  /** MIG profiles, such as `1g.5gb`, that one GPU is cut into. */
  readonly profiles?: readonly string[]
}

/** Where replicas may run. */
export interface PlacementSpec {
  /** Only on these machines. Default: `[]`. */
  readonly machines?: readonly Ref<'machine'>[]
  /** Only in these zones. Default: `[]`. */
  readonly zones?: readonly string[]
  /** What replicas are spread over. Default: `"machine"`. */
  readonly spread?: 'none' | 'machine' | 'zone'
  /** Whether two replicas may share a machine. Default: `"preferred"`. */
  readonly antiAffinity?: 'none' | 'preferred' | 'required'
}

/** Edges beyond those of `needs`. */
export interface NetworkSpec {
  /** Hosts outside the fleet that may be called. Default: `[]`. */
  readonly egress?: readonly string[]
  /** Services that may call in without needing this one. Default: `[]`. */
  readonly ingress?: readonly Ref<'service'>[]
  /** Lets all traffic out. Default: `false`. */
  readonly anywhere?: boolean
}

/** A way in which a service is allowed to be less than restricted, for a while and for a reason. */
export interface SecurityExceptionSpec {
  /** What is allowed. */
  readonly allow: 'root' | 'writable-root' | 'host-network' | 'host-path' | 'capability' | 'privilege-escalation'
  /** Linux capability, with `allow: capability`. */
  readonly capability?: string
  /** Why. */
  readonly reason: string
  /** Day on which it ends. */
  readonly until: CalendarDate
}

/** A merge patch on rendered objects, applied last. */
export interface KubernetesPatchSpec {
  /** Kind of the object. */
  readonly kind: string
  /** Its name; all of that kind when absent. */
  readonly name?: string
  /** JSON merge patch (RFC 7396). */
  readonly merge: Json
}

/** A warning that was read and accepted, for a while. */
export interface SilenceSpec {
  /** Code of the warning. */
  readonly code: string
  /** Why it is accepted. */
  readonly reason: string
  /** Day from which it is heard again. */
  readonly until: CalendarDate
}

/** A further port. */
export interface PortSpec {
  /** Number inside the replica. */
  readonly port: number
  /** What is spoken. Default: `"http"`. */
  readonly protocol?: 'http' | 'ws' | 'sse' | 'grpc' | 'tcp'
}

/** How a replica says how it is. */
export interface HealthSpec {
  /** Says no: the replica is restarted. It must not look at dependencies. */
  readonly live?: string | ProbeSpec
  /** Says no: the replica gets no traffic. */
  readonly ready?: string | ProbeSpec
  /** Holds the other two off until it has said yes once. */
  readonly startup?: string | ProbeSpec
}

/** One question put to a replica again and again; exactly one of `http`, `tcp`, `exec`. */
export interface ProbeSpec {
  /** Path that answers 2xx or 3xx when all is well. */
  readonly http?: string
  /** Port that accepts a connection. */
  readonly tcp?: number
  /** Command that exits 0 when all is well. */
  readonly exec?: string | readonly string[]
  /** Time between two probes. Default: `"10s"`. */
  readonly every?: Duration
  /** An answer later than this is a failure. Default: `"2s"`. */
  readonly timeout?: Duration
  /** Failures in a row that turn the answer to no. Default: `3`. */
  readonly failures?: number
  /** Successes in a row that turn the answer to yes. Default: `1`. */
  readonly successes?: number
  /** Wait before the first probe. Default: `"0s"`. */
  readonly delay?: Duration
}

/** One way into a service. */
export interface RouteSpec {
  /** Exact host or `*.example.com`; every host when absent. */
  readonly host?: string
  /** Path prefix, matched at segment boundaries. Default: `"/"`. */
  readonly path?: string
  /** Methods let in; all when absent. */
  readonly methods?: readonly ('GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS')[]
  /** Request headers that must have these values. Default: `{}`. */
  readonly headers?: Readonly<Record<string, string>>
  /** API version served here. */
  readonly version?: string | ApiVersionSpec
  /** Takes `path` off before forwarding. Default: `false`. */
  readonly stripPath?: boolean
  /** Lets encoded slashes and the like through. Default: `false`. */
  readonly rawPath?: boolean
  /** Until the first byte of the answer; the service timeout when absent. */
  readonly timeout?: Duration
  /** Largest request body; the protection when absent. */
  readonly maxBody?: Size
  /** Whether POST and PATCH here may safely be sent twice. Default: `false`. */
  readonly idempotent?: boolean
  /** Whether requests here may be mirrored to a shadow version. Default: `false`. */
  readonly shadow?: boolean
}

/** The API version that a route serves. */
export interface ApiVersionSpec {
  /** Name, as in the path, the `API-Version` header and `?version=`. */
  readonly name: string
  /** How finished it is. Default: `"stable"`. */
  readonly status?: 'beta' | 'stable' | 'deprecated'
  /** Day from which `Deprecation` (RFC 9745) is sent. */
  readonly deprecated?: CalendarDate
  /** Day from which it answers 410; `Sunset` (RFC 8594) is sent before. */
  readonly sunset?: CalendarDate
  /** Version to move to. */
  readonly successor?: string
}

/** What the gateway does before a request reaches the service. */
export interface ProtectionsSpec {
  /** How much one client may ask. */
  readonly rateLimit?: Rate | RateLimitSpec
  /** Cross-origin requests. */
  readonly cors?: CorsSpec
  /** Authentication. */
  readonly auth?: AuthSpec
  /** Request inspection. */
  readonly inspect?: 'off' | 'detect' | 'block' | InspectionSpec
  /** Largest request body. Default: `"10Mi"`. */
  readonly maxBody?: Size
  /** Response headers set on every answer, such as Content-Security-Policy. Default: `{"Strict-Transport-Security":"max-age=31536000; includeSubDomains","X-Content-Type-Options":"nosniff","X-Frame-Options":"DENY"}`. */
  readonly headers?: Readonly<Record<string, string>>
  /** What request fields hold, by JSON path: narrows inspection where free text is meant. Default: `{}`. */
  readonly fields?: Readonly<Record<string, 'text' | 'markdown' | 'html' | 'code' | 'json' | 'email' | 'url' | 'uuid' | 'integer' | 'number' | 'boolean' | 'date'>>
}

/** A token bucket per client. */
export interface RateLimitSpec {
  /** Tokens that flow in. */
  readonly limit: Rate
  /** Size of the bucket; the tokens of one period when absent. */
  readonly burst?: number
  /** What tells clients apart. Default: `"client"`. */
  readonly by?: string
  /** Path prefixes that cost nothing. Default: `["/health","/metrics"]`. */
  readonly exempt?: readonly string[]
}

/** Which other origins a browser may call from. */
export interface CorsSpec {
  /** Exact origins, or `*`. */
  readonly origins: readonly string[]
  /** Methods allowed beyond the simple ones. Default: `["GET","POST","PUT","PATCH","DELETE"]`. */
  readonly methods?: readonly ('GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS')[]
  /** Request headers allowed. Default: `["Content-Type","Authorization"]`. */
  readonly headers?: readonly string[]
  /** Whether cookies go along; impossible together with origin `*`. Default: `false`. */
  readonly credentials?: boolean
  /** How long a browser may remember the answer. Default: `"10m"`. */
  readonly maxAge?: Duration
}

/** Who may come in; any one of the given ways suffices. */
export interface AuthSpec {
  /** By token. */
  readonly jwt?: JwtSpec
  /** By key. */
  readonly apiKey?: ApiKeySpec
  /** Path prefixes open to all. Default: `["/health"]`. */
  readonly exempt?: readonly string[]
}

/** JSON Web Tokens that are accepted. */
export interface JwtSpec {
  /** Expected `iss`. */
  readonly issuer: string
  /** Expected `aud`. */
  readonly audience?: string
  /** URL of the key set. */
  readonly jwks?: string
  /** Shared key (HS256), instead of `jwks`. */
  readonly secret?: Ref<'secret'>
}

/** Static keys that are accepted. */
export interface ApiKeySpec {
  /** Header that carries the key. Default: `"X-API-Key"`. */
  readonly header?: string
  /** Secret that holds the keys, one a line. */
  readonly secret: Ref<'secret'>
}

/** Search of requests for attacks. */
export interface InspectionSpec {
  /** `detect` counts and logs, `block` answers 403. Default: `"detect"`. */
  readonly mode?: 'off' | 'detect' | 'block'
  /** What is looked for. Default: `["sql","xss","command","path"]`. */
  readonly classes?: readonly ('sql' | 'xss' | 'command' | 'path' | 'template' | 'ssrf')[]
}

/** Keeps a client on one replica and version. */
export interface AffinitySpec {
  /** What identifies the client. Default: `"none"`. */
  readonly by?: 'none' | 'cookie' | 'header' | 'ip'
  /** Cookie or header name. */
  readonly name?: string
}

/** Between how many replicas, and what moves the number. */
export interface ScaleSpec {
  /** Replicas at least. */
  readonly min: number
  /** Replicas at most. */
  readonly max: number
  /** Target CPU use relative to what is requested. */
  readonly cpu?: Percent
  /** Target memory use relative to what is requested. */
  readonly memory?: Percent
  /** Target requests in flight per replica. */
  readonly inFlight?: number
  /** Floors by the clock. Default: `[]`. */
  readonly schedule?: readonly ScaleScheduleSpec[]
  /** Growth. Default: `{"percent":"100%","window":"30s"}`. */
  readonly up?: ScaleStepSpec
  /** Shrinking. Default: `{"percent":"50%","window":"5m","stabilise":"5m"}`. */
  readonly down?: ScaleStepSpec
}

/** A floor by the clock. */
export interface ScaleScheduleSpec {
  /** When it begins (UTC). */
  readonly cron: string
  /** How long it holds. */
  readonly for: Duration
  /** Replicas at least. */
  readonly min: number
}

/** How fast the number of replicas may change. */
export interface ScaleStepSpec {
  /** Largest change per window, relative to what runs. */
  readonly percent?: Percent
  /** Largest change per window, in replicas. */
  readonly replicas?: number
  /** The window. Default: `"60s"`. */
  readonly window?: Duration
  /** The recommendation must have held this long. Default: `"0s"`. */
  readonly stabilise?: Duration
}

/** How a new version takes over. */
export interface RolloutSpec {
  /** Strategy. Default: `"rolling"`. */
  readonly strategy?: 'rolling' | 'blue-green' | 'canary'
  /** Shares of a canary in order; the last is 100 %. The planner chooses when absent. */
  readonly steps?: readonly Percent[]
  /** Replicas above the wanted number while rolling. Default: `1`. */
  readonly maxSurge?: number | Percent
  /** Replicas below it. Default: `0`. */
  readonly maxUnavailable?: number | Percent
  /** How long the previous version stays ready to take over again. Default: `"10m"`. */
  readonly keepWarm?: Duration
  /** Decision rule. Default: `{}`. */
  readonly verdict?: VerdictSpec
  /** Tests of the preview. Default: `[]`. */
  readonly smoke?: readonly SmokeTestSpec[]
  /** Commands around steps. Default: `[]`. */
  readonly hooks?: readonly HookSpec[]
  /** Mirroring before the first step. */
  readonly shadow?: ShadowSpec
  /** Whether synthetic load may fill thin traffic. Default: `false`. */
  readonly inject?: boolean
  /** What harm leads to. Default: `"rollback"`. */
  readonly onHarm?: 'rollback' | 'hold'
}

/** When a release goes back and when it goes on. */
export interface VerdictSpec {
  /** Chance of rolling back a version that is no worse, whatever was looked at and how often. Default: `0.01`. */
  readonly alpha?: number
  /** Chance of promoting a version that is worse by `slip`. Default: `0.05`. */
  readonly beta?: number
  /** Ratio of failure rates (canary to baseline) still called no worse. Default: `1`. */
  readonly margin?: number
  /** Ratio of failure rates that must not slip through. Default: `2`. */
  readonly slip?: number
  /** Ratio of failure rates that must be found within `deadline`; checked against the declared traffic. Default: `5`. */
  readonly detect?: number
  /** Bounds: a slower answer is an event. The latency objectives when absent. */
  readonly latency?: readonly Duration[]
  /** Further counters. Default: `[]`. */
  readonly metrics?: readonly VerdictMetricSpec[]
  /** Requests that the canary must have served before a step may pass. Default: `100`. */
  readonly minRequests?: number
  /** Longest time in one step. Default: `"30m"`. */
  readonly deadline?: Duration
  /** Time after the start of new replicas that is not counted. Default: `"10s"`. */
  readonly warmUp?: Duration
  /** Failures of one client within this window count once. Default: `"10s"`. */
  readonly episode?: Duration
  /** What happens when the deadline passes without evidence. Default: `"hold"`. */
  readonly underpowered?: 'hold' | 'promote' | 'rollback'
}

/** Something counted besides errors and latency. */
export interface VerdictMetricSpec {
  /** Counter of the service. */
  readonly name: string
  /** Ratio of canary to baseline that is harm; the verdict’s when absent. */
  readonly harm?: number
}

/** One thing that a new version must do before it gets traffic; exactly one of `http`, `run`. */
export interface SmokeTestSpec {
  /** What it shows. */
  readonly name?: string
  /** Path asked of every new replica. */
  readonly http?: string
  /** Status expected. Default: `200`. */
  readonly expect?: number
  /** Text that the body must hold. */
  readonly contains?: string
  /** Command that must exit 0; `SEAWORTHY_TARGET` holds the base URL of the preview. */
  readonly run?: string | readonly string[]
  /** Time for it. Default: `"30s"`. */
  readonly timeout?: Duration
}

/** A command around a step of a release. */
export interface HookSpec {
  /** Command; `SEAWORTHY_RELEASE`, `SEAWORTHY_STEP` and `SEAWORTHY_VERSION` tell where it stands. */
  readonly run: string | readonly string[]
  /** When. */
  readonly when: 'before-release' | 'before-step' | 'after-step' | 'after-release' | 'after-rollback'
  /** Time for it; a failure or a time-out stops the release. Default: `"60s"`. */
  readonly timeout?: Duration
}

/** Mirroring of safe requests to the new version, answers compared and thrown away. */
export interface ShadowSpec {
  /** Share of safe requests that is mirrored. Default: `"10%"`. */
  readonly share?: Percent
  /** Mirrored requests at once, at most. Default: `10`. */
  readonly maxInFlight?: number
  /** JSON paths and headers that may differ. Default: `[]`. */
  readonly ignore?: readonly string[]
}

/** Jobs that gate a release. */
export interface MigrationsSpec {
  /** Expand: run before the first new replica starts. Default: `[]`. */
  readonly before?: readonly Ref<'job'>[]
  /** Contract: run when the previous version is gone. Default: `[]`. */
  readonly after?: readonly Ref<'job'>[]
}

/** A person’s yes. */
export interface ApprovalSpec {
  /** Who may give it: user or group names. */
  readonly by: readonly string[]
  /** How many of them. Default: `1`. */
  readonly count?: number
  /** What waits for it. Default: `"release"`. */
  readonly before?: 'release' | 'promote'
  /** Without it by then the release is aborted. Default: `"24h"`. */
  readonly timeout?: Duration
}

/** How a replica ends: out of rotation, signal, drain, kill. */
export interface StopSpec {
  /** Signal that asks the process group to finish. Default: `"SIGTERM"`. */
  readonly signal?: 'SIGTERM' | 'SIGINT' | 'SIGQUIT' | 'SIGHUP' | 'SIGUSR1' | 'SIGUSR2'
  /** Time for requests in flight to end. Default: `"20s"`. */
  readonly drain?: Duration
  /** Time from the signal to SIGKILL; not below `drain`. Default: `"30s"`. */
  readonly grace?: Duration
  /** Command run before the signal is sent. */
  readonly command?: string | readonly string[]
}

/** What the service is expected to see: the ground that SLO and canary claims are checked on. */
export interface TrafficSpec {
  /** Requests (or messages) on an ordinary day. */
  readonly rate: Rate
  /** Requests at the busiest. */
  readonly peak?: Rate
  /** Share of failures that is normal today. Default: `"0.1%"`. */
  readonly errors?: Percent
}

/** What the service promises, over a window. */
export interface SloSpec {
  /** Share of requests answered without a server error. */
  readonly availability?: Percent
  /** Quantiles and their bounds, such as `p95: 500ms`. Default: `{}`. */
  readonly latency?: Readonly<Record<string, Duration>>
  /** Share of failed requests, at most. */
  readonly errors?: Percent
  /** Requests that must be possible. */
  readonly throughput?: Rate
  /** Age of the oldest waiting message, at most. */
  readonly queueAge?: Duration
  /** Band in which GPU use should lie. */
  readonly gpu?: readonly [Percent, Percent]
  /** Window over which it is counted. Default: `"30d"`. */
  readonly window?: Duration
  /** Shares of the service’s own good events, by name. Default: `{}`. */
  readonly custom?: Readonly<Record<string, Percent>>
}

/** A condition that someone should know of. */
export interface AlertSpec {
  /** Name, unique in the service. */
  readonly name: string
  /** Condition: a signal, a comparison and a value with its unit. */
  readonly when: string
  /** How long it must hold. Default: `"5m"`. */
  readonly for?: Duration
  /** How urgent. Default: `"warning"`. */
  readonly severity?: 'critical' | 'warning' | 'info'
  /** Whom it reaches; the fleet’s choice for the severity when absent. */
  readonly notify?: Ref<'escalation'>
  /** What to do; the service’s when absent. */
  readonly runbook?: string
}

/** Load that the service must bear. */
export interface LoadProfileSpec {
  /** Shape. */
  readonly kind: 'constant' | 'ramp' | 'spike' | 'burst' | 'sine' | 'soak'
  /** Users at once, or `[from, to]`. */
  readonly users?: number | readonly [number, number]
  /** Requests, instead of users. */
  readonly rate?: Rate
  /** How long. */
  readonly for: Duration
  /** Name of the request mix. */
  readonly scenario?: string
}

/** Utilisation that is right: below is waste, above is risk. */
export interface BandsSpec {
  /** CPU. */
  readonly cpu?: readonly [Percent, Percent]
  /** Memory. */
  readonly memory?: readonly [Percent, Percent]
  /** Disk. */
  readonly disk?: readonly [Percent, Percent]
  /** GPU. */
  readonly gpu?: readonly [Percent, Percent]
}

/** Money a month. */
export interface CostSpec {
  /** Amount, or `[low, high]`. */
  readonly perMonth: number | readonly [number, number]
  /** Currency. Default: `"USD"`. */
  readonly currency?: 'USD' | 'EUR' | 'GBP' | 'RON' | 'JPY' | 'CHF'
}

/** A switch that is turned without a release. */
export interface FeatureFlagSpec {
  /** Variant when nothing else applies. */
  readonly default: boolean | number | string
  /** Named variants. Default: `{}`. */
  readonly variants?: Readonly<Record<string, Json>>
  /** Targeting, first match wins. Default: `[]`. */
  readonly rules?: readonly FlagRuleSpec[]
  /** Shares through which the new variant is brought in, with a verdict. */
  readonly ramp?: readonly Percent[]
  /** Who removes it. */
  readonly owner?: string
  /** Day by which it should be gone. */
  readonly until?: CalendarDate
}

/** Who gets which variant. */
export interface FlagRuleSpec {
  /** Attributes of the caller that must match. */
  readonly when: Readonly<Record<string, string | readonly string[]>>
  /** Variant for them. */
  readonly value: boolean | number | string
}

/** Room for data. */
export interface StorageSpec {
  /** How much. */
  readonly size: Size
  /** Storage class of the target. */
  readonly class?: string
  /** Who may mount it: one machine, many, or many for reading. Default: `"one"`. */
  readonly access?: 'one' | 'many' | 'many-readers'
}

/** Something that runs to its end: a migration, a nightly task. */
export interface JobSpec {
  /** One line for people. */
  readonly description?: string
  /** Team that answers for it. */
  readonly owner?: string
  /** Command that starts it; words are split as a shell would, without one. */
  readonly run?: string | readonly string[]
  /** Folder that its image is built from. */
  readonly build?: string | BuildSpec
  /** Image, best by digest. */
  readonly image?: string
  /** Working directory, relative to the catalog; the build context when absent. */
  readonly cwd?: string
  /** User that it runs as; an unprivileged one when absent. */
  readonly user?: string
  /** What it depends on. Default: `[]`. */
  readonly needs?: readonly (Ref<'service' | 'postgres' | 'redis' | 'volume' | 'external' | 'job'> | NeedSpec)[]
  /** Variables; numbers and booleans are written as text. Default: `{}`. */
  readonly env?: Readonly<Record<string, string | number | boolean | Ref<'secret'> | SecretUseSpec>>
  /** Cores, as request and limit. Default: `0.25`. */
  readonly cpu?: Cpu
  /** Memory, as request and limit. Default: `"256Mi"`. */
  readonly memory?: Size
  /** Ephemeral disk. Default: `"1Gi"`. */
  readonly disk?: Size
  /** Processes and threads at most. Default: `512`. */
  readonly pids?: number
  /** GPU wanted. */
  readonly gpu?: number | GpuSpec
  /** Where it may run. Default: `{}`. */
  readonly place?: readonly Ref<'machine'>[] | PlacementSpec
  /** Edges beyond `needs`. Default: `{}`. */
  readonly network?: NetworkSpec
  /** Exceptions from the restricted default. Default: `[]`. */
  readonly security?: readonly SecurityExceptionSpec[]
  /** Escape hatch for Kubernetes. Default: `[]`. */
  readonly kubernetes?: readonly KubernetesPatchSpec[]
  /** Warnings that are accepted for a while. Default: `[]`. */
  readonly silence?: readonly SilenceSpec[]
  /** When it runs (UTC); a job without one runs once per release. */
  readonly schedule?: string
  /** What happens to runs missed while nothing ran. Default: `"once"`. */
  readonly missed?: 'skip' | 'once' | 'all'
  /** What happens when the last run is still going. Default: `"forbid"`. */
  readonly concurrency?: 'forbid' | 'allow' | 'replace'
  /** Tries before it counts as failed. Default: `1`. */
  readonly attempts?: number
  /** Longest run. Default: `"10m"`. */
  readonly timeout?: Duration
  /** Whether a release past it can’t go back (it then freezes instead). Default: `false`. */
  readonly irreversible?: boolean
  /** What differs, by environment: objects merge, everything else replaces, `null` goes back to the default. Default: `{}`. */
  readonly on?: Readonly<Record<string, JobOverlaySpec>>
}

/** What differs from a Job in one environment. */
export interface JobOverlaySpec {
  /** One line for people. */
  readonly description?: Overlay<string> | null
  /** Team that answers for it. */
  readonly owner?: Overlay<string> | null
  /** Command that starts it; words are split as a shell would, without one. */
  readonly run?: Overlay<string | readonly string[]> | null
  /** Folder that its image is built from. */
  readonly build?: Overlay<string | BuildSpec> | null
  /** Image, best by digest. */
  readonly image?: Overlay<string> | null
  /** Working directory, relative to the catalog; the build context when absent. */
  readonly cwd?: Overlay<string> | null
  /** User that it runs as; an unprivileged one when absent. */
  readonly user?: Overlay<string> | null
  /** What it depends on. */
  readonly needs?: Overlay<readonly (Ref<'service' | 'postgres' | 'redis' | 'volume' | 'external' | 'job'> | NeedSpec)[]> | null
  /** Variables; numbers and booleans are written as text. */
  readonly env?: Overlay<Readonly<Record<string, string | number | boolean | Ref<'secret'> | SecretUseSpec>>> | null
  /** Cores, as request and limit. */
  readonly cpu?: Overlay<Cpu> | null
  /** Memory, as request and limit. */
  readonly memory?: Overlay<Size> | null
  /** Ephemeral disk. */
  readonly disk?: Overlay<Size> | null
  /** Processes and threads at most. */
  readonly pids?: Overlay<number> | null
  /** GPU wanted. */
  readonly gpu?: Overlay<number | GpuSpec> | null
  /** Where it may run. */
  readonly place?: Overlay<readonly Ref<'machine'>[] | PlacementSpec> | null
  /** Edges beyond `needs`. */
  readonly network?: Overlay<NetworkSpec> | null
  /** Exceptions from the restricted default. */
  readonly security?: Overlay<readonly SecurityExceptionSpec[]> | null
  /** Escape hatch for Kubernetes. */
  readonly kubernetes?: Overlay<readonly KubernetesPatchSpec[]> | null
  /** Warnings that are accepted for a while. */
  readonly silence?: Overlay<readonly SilenceSpec[]> | null
  /** When it runs (UTC); a job without one runs once per release. */
  readonly schedule?: Overlay<string> | null
  /** What happens to runs missed while nothing ran. */
  readonly missed?: Overlay<'skip' | 'once' | 'all'> | null
  /** What happens when the last run is still going. */
  readonly concurrency?: Overlay<'forbid' | 'allow' | 'replace'> | null
  /** Tries before it counts as failed. */
  readonly attempts?: Overlay<number> | null
  /** Longest run. */
  readonly timeout?: Overlay<Duration> | null
  /** Whether a release past it can’t go back (it then freezes instead). */
  readonly irreversible?: Overlay<boolean> | null
}

/** A PostgreSQL database. */
export interface PostgresSpec {
  /** Major version; what is there when absent. */
  readonly version?: number
  /** Database name; the resource name when absent. */
  readonly database?: string
  /** Room for data. Default: `"10Gi"`. */
  readonly storage?: Size | StorageSpec
  /** Backups. */
  readonly backup?: BackupSpec
  /** An existing server: `env:NAME` or a URL without a password. */
  readonly url?: string
  /** What runs it on Kubernetes. Default: `"none"`. */
  readonly operator?: 'none' | 'cloudnative-pg'
  /** Instances, with an operator. Default: `1`. */
  readonly replicas?: number
  /** Zones that it is spread over. Default: `[]`. */
  readonly zones?: readonly string[]
  /** Connections at once. Default: `100`. */
  readonly maxConnections?: number
  /** What differs, by environment: objects merge, everything else replaces, `null` goes back to the default. Default: `{}`. */
  readonly on?: Readonly<Record<string, PostgresOverlaySpec>>
}

/** What differs from a Postgres in one environment. */
export interface PostgresOverlaySpec {
  /** Major version; what is there when absent. */
  readonly version?: Overlay<number> | null
  /** Database name; the resource name when absent. */
  readonly database?: Overlay<string> | null
  /** Room for data. */
  readonly storage?: Overlay<Size | StorageSpec> | null
  /** Backups. */
  readonly backup?: Overlay<BackupSpec> | null
  /** An existing server: `env:NAME` or a URL without a password. */
  readonly url?: Overlay<string> | null
  /** What runs it on Kubernetes. */
  readonly operator?: Overlay<'none' | 'cloudnative-pg'> | null
  /** Instances, with an operator. */
  readonly replicas?: Overlay<number> | null
  /** Zones that it is spread over. */
  readonly zones?: Overlay<readonly string[]> | null
  /** Connections at once. */
  readonly maxConnections?: Overlay<number> | null
}

/** How data survive their machine. */
export interface BackupSpec {
  /** When a backup is made (UTC). */
  readonly schedule?: string
  /** Time between backups, instead of `schedule`. */
  readonly every?: Duration
  /** Whether the write-ahead log is archived all the time (PostgreSQL). Default: `false`. */
  readonly continuous?: boolean
  /** Longest time a log segment waits, with `continuous`. Default: `"5m"`. */
  readonly archiveEvery?: Duration
  /** Recovery point objective: data of this length may be lost. */
  readonly rpo?: Duration
  /** Recovery time objective: the restore may take this long. */
  readonly rto?: Duration
  /** What is kept. Default: `{}`. */
  readonly retention?: RetentionSpec
  /** Where copies go, such as `s3:bucket/path` or `sftp:host:/path`. Default: `[]`. */
  readonly remote?: readonly string[]
  /** When a restore is tried (UTC). */
  readonly drill?: string
  /** Command before each backup. */
  readonly before?: string | readonly string[]
  /** Command after each backup. */
  readonly after?: string | readonly string[]
  /** Whether users of the data are stopped meanwhile, in order. Default: `false`. */
  readonly stopServices?: boolean
}

/** How many backups are kept. */
export interface RetentionSpec {
  /** The newest ones. Default: `3`. */
  readonly last?: number
  /** One a day. Default: `7`. */
  readonly daily?: number
  /** One a week. Default: `4`. */
  readonly weekly?: number
  /** One a month. Default: `6`. */
  readonly monthly?: number
}

/** A Redis server. */
export interface RedisSpec {
  /** Room for data. Default: `"1Gi"`. */
  readonly storage?: Size | StorageSpec
  /** Whether data outlive a restart. Default: `true`. */
  readonly persist?: boolean
  /** Memory for data. Default: `"256Mi"`. */
  readonly maxMemory?: Size
  /** What goes when it is full. Default: `"noeviction"`. */
  readonly eviction?: 'noeviction' | 'allkeys-lru' | 'allkeys-lfu' | 'volatile-lru' | 'volatile-ttl'
  /** Backups. */
  readonly backup?: BackupSpec
  /** An existing server: `env:NAME` or a URL without a password. */
  readonly url?: string
  /** What differs, by environment: objects merge, everything else replaces, `null` goes back to the default. Default: `{}`. */
  readonly on?: Readonly<Record<string, RedisOverlaySpec>>
}

/** What differs from a Redis in one environment. */
export interface RedisOverlaySpec {
  /** Room for data. */
  readonly storage?: Overlay<Size | StorageSpec> | null
  /** Whether data outlive a restart. */
  readonly persist?: Overlay<boolean> | null
  /** Memory for data. */
  readonly maxMemory?: Overlay<Size> | null
  /** What goes when it is full. */
  readonly eviction?: Overlay<'noeviction' | 'allkeys-lru' | 'allkeys-lfu' | 'volatile-lru' | 'volatile-ttl'> | null
  /** Backups. */
  readonly backup?: Overlay<BackupSpec> | null
  /** An existing server: `env:NAME` or a URL without a password. */
  readonly url?: Overlay<string> | null
}

/** Files that outlive replicas. */
export interface VolumeSpec {
  /** Room. */
  readonly storage: Size | StorageSpec
  /** Backups. */
  readonly backup?: BackupSpec
  /** What differs, by environment: objects merge, everything else replaces, `null` goes back to the default. Default: `{}`. */
  readonly on?: Readonly<Record<string, VolumeOverlaySpec>>
}

/** What differs from a Volume in one environment. */
export interface VolumeOverlaySpec {
  /** Room. */
  readonly storage?: Overlay<Size | StorageSpec> | null
  /** Backups. */
  readonly backup?: Overlay<BackupSpec> | null
}

/** Something that others run. */
export interface ExternalSpec {
  /** Its address: `env:NAME` or a URL. */
  readonly url: string
  /** How readiness is asked. Default: `"tcp"`. */
  readonly check?: 'none' | 'tcp' | 'http'
  /** What differs, by environment: objects merge, everything else replaces, `null` goes back to the default. Default: `{}`. */
  readonly on?: Readonly<Record<string, ExternalOverlaySpec>>
}

/** What differs from a External in one environment. */
export interface ExternalOverlaySpec {
  /** Its address: `env:NAME` or a URL. */
  readonly url?: Overlay<string> | null
  /** How readiness is asked. */
  readonly check?: Overlay<'none' | 'tcp' | 'http'> | null
}

/** A value that must not be seen. */
export interface SecretSpec {
  /** Where it comes from; `env:` and its name in capitals when absent. */
  readonly from?: string
  /** How often the source is read again. Default: `"1h"`. */
  readonly refresh?: Duration
  /** Age at which a new value is due. */
  readonly rotateEvery?: Duration
  /** What its users do when it changes. Default: `"restart"`. */
  readonly onRotate?: 'restart' | 'signal' | 'nothing'
  /** What differs, by environment: objects merge, everything else replaces, `null` goes back to the default. Default: `{}`. */
  readonly on?: Readonly<Record<string, SecretOverlaySpec>>
}

/** What differs from a Secret in one environment. */
export interface SecretOverlaySpec {
  /** Where it comes from; `env:` and its name in capitals when absent. */
  readonly from?: Overlay<string> | null
  /** How often the source is read again. */
  readonly refresh?: Overlay<Duration> | null
  /** Age at which a new value is due. */
  readonly rotateEvery?: Overlay<Duration> | null
  /** What its users do when it changes. */
  readonly onRotate?: Overlay<'restart' | 'signal' | 'nothing'> | null
}

/** A computer that replicas run on. */
export interface MachineSpec {
  /** Host name or IP address. */
  readonly address?: string
  /** Failure zone. Default: `"default"`. */
  readonly zone?: string
  /** Cores for replicas. */
  readonly cpu?: Cpu
  /** Memory for replicas. */
  readonly memory?: Size
  /** Its GPUs. */
  readonly gpu?: MachineGpuSpec
  /** Utilisation that is right. */
  readonly bands?: BandsSpec
  /** What it costs. */
  readonly cost?: CostSpec
}

/** GPUs of a machine. */
export interface MachineGpuSpec {
  /** Product name, such as `RTX 4090` or `A100 40GB`. */
  readonly model: string
  /** How many. Default: `1`. */
  readonly count?: number
  /** Memory of each. */
  readonly memory?: Size
  /** Way of sharing. Default: `"exclusive"`. */
  readonly share?: 'exclusive' | 'time-slicing' | 'mps' | 'mig' | MachineGpuShareSpec
}

/** How its GPUs are divided. */
export interface MachineGpuShareSpec {
  /** Way of sharing. Default: `"exclusive"`. */
  readonly mode?: 'exclusive' | 'time-slicing' | 'mps' | 'mig'
  /** Parts for time-slicing and MPS. */
  readonly replicas?: number
  /** MIG profiles that each GPU is cut into. */
  readonly profiles?: readonly string[]
}

/** A place where the fleet runs. */
export interface EnvironmentSpec {
  /** What runs it. Default: `"machine"`. */
  readonly engine?: 'machine' | 'kubernetes'
  /** Context of the kubeconfig. */
  readonly context?: string
  /** Namespace; the fleet’s name when absent. */
  readonly namespace?: string
  /** Domain put behind route hosts without a dot. */
  readonly domain?: string
  /** Port of the gateway on one machine; 0 finds one. Default: `8080`. */
  readonly gatewayPort?: number
  /** Where certificates come from. Default: `"off"`. */
  readonly tls?: 'off' | 'development' | 'cert-manager' | 'files'
  /** People who must say yes before a release here. Default: `[]`. */
  readonly approvals?: readonly ApprovalSpec[]
  /** Times without releases. Default: `[]`. */
  readonly freezes?: readonly FreezeSpec[]
  /** Bounds on everything. */
  readonly quota?: QuotaSpec
  /** Variables of every service and job here, beneath their own. Default: `{}`. */
  readonly env?: Readonly<Record<string, string>>
  /** What capacity costs here. */
  readonly prices?: PricesSpec
  /** What splits traffic on Kubernetes: Seaworthy’s gateway or Gateway API weights. Default: `"gateway"`. */
  readonly router?: 'gateway' | 'gateway-api'
  /** What brings traffic in on Kubernetes. Default: `"ingress"`. */
  readonly ingress?: 'none' | 'ingress' | 'gateway-api'
  /** Ingress or Gateway class. Default: `"nginx"`. */
  readonly ingressClass?: string
  /** What scales on Kubernetes. Default: `"hpa"`. */
  readonly autoscaler?: 'hpa' | 'keda'
  /** How secrets reach Kubernetes. Default: `"external-secrets"`. */
  readonly secrets?: 'plain' | 'external-secrets' | 'age'
  /** Address of the Vault server behind External Secrets. */
  readonly secretStore?: string
}

/** A time without releases. */
export interface FreezeSpec {
  /** When it begins (UTC). */
  readonly cron: string
  /** How long. */
  readonly for: Duration
  /** Why. */
  readonly reason: string
}

/** Bounds on everything that the fleet takes in one environment. */
export interface QuotaSpec {
  /** Cores. */
  readonly cpu?: Cpu
  /** Memory. */
  readonly memory?: Size
  /** Persistent storage. */
  readonly storage?: Size
  /** Replicas. */
  readonly replicas?: number
}

/** What a unit of capacity costs. */
export interface PricesSpec {
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
  /** Currency. Default: `"USD"`. */
  readonly currency?: 'USD' | 'EUR' | 'GBP' | 'RON' | 'JPY' | 'CHF'
}

/** A chain of receivers. */
export interface EscalationSpec {
  /** In order. */
  readonly steps: readonly EscalationStepSpec[]
  /** Time within which someone must react. */
  readonly respond?: Duration
  /** Time within which it must be over. */
  readonly resolve?: Duration
}

/** Whom to tell, and when. */
export interface EscalationStepSpec {
  /** Time without acknowledgement. Default: `"0s"`. */
  readonly after?: Duration
  /** Receivers. */
  readonly to: readonly string[]
}

/** What watches the fleet. */
export interface MonitoringSpec {
  /** Prometheus of the fleet’s own. */
  readonly prometheus?: PrometheusSpec
  /** Whether the Prometheus operator’s ServiceMonitor and PrometheusRule are used on Kubernetes. Default: `true`. */
  readonly operator?: boolean
  /** Whether dashboards are rendered. Default: `true`. */
  readonly grafana?: boolean
  /** Scrape interval by tier. Default: `{"core":"15s","business":"30s","support":"60s"}`. */
  readonly scrape?: Readonly<Record<string, Duration>>
  /** Alerts by tier (`core`, `business`, `support`), on every service of it, and under `fleet` those of the whole. Default: `{}`. */
  readonly alerts?: Readonly<Record<string, readonly AlertSpec[]>>
  /** Escalation by severity. Default: `{}`. */
  readonly notify?: Readonly<Record<string, Ref<'escalation'>>>
}

/** A metrics server. */
export interface PrometheusSpec {
  /** How long samples are kept. Default: `"15d"`. */
  readonly retention?: Duration
  /** Room for samples. Default: `"10Gi"`. */
  readonly storage?: Size | StorageSpec
}

/** A time in which disruption is allowed. */
export interface MaintenanceWindowSpec {
  /** When it begins (UTC); none for emergencies. `6#1` as day of week is the first Saturday. */
  readonly schedule?: string
  /** How long. */
  readonly for: Duration
  /** How long before it is announced. Default: `"1d"`. */
  readonly notice?: Duration
  /** What for. */
  readonly purpose?: string
}

/** What customers were promised (SLA). */
export interface AgreementSpec {
  /** Share of time or requests. */
  readonly availability: Percent
  /** Reaction to a critical incident. */
  readonly respond?: Duration
  /** End of a critical incident. */
  readonly resolve?: Duration
}
