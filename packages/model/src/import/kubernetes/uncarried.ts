import type { Uncarried } from '../section.ts'

const needless = (what: string): Uncarried => ({ kind: 'needless', what })
const lost = (
  what: string,
  instead = 'Where it matters, add it under `kubernetes: [{ kind, merge }]`.',
): Uncarried => ({ kind: 'lost', what, instead })
const changed = (what: string, instead: string): Uncarried => ({ kind: 'changed', what, instead })

/** What is said where a key is none that this reader knows. */
export const apiName = 'Kubernetes API as it is read here'

export const uncarriedWorkloadKeys: Readonly<Record<string, Uncarried>> = {
  selector: needless('selectors are made by Seaworthy'),
  serviceName: needless('services are named by the catalog'),
  revisionHistoryLimit: needless('what ran before is kept by releases'),
  progressDeadlineSeconds: needless('the verdict has a deadline of its own'),
  podManagementPolicy: needless('replicas start side by side'),
  paused: lost('a rollout is not paused in the catalog', 'Hold a release: `seaworthy release hold`.'),
  minReadySeconds: changed('time is not what makes a replica good', 'Tune `rollout.verdict.warmUp`.'),
  persistentVolumeClaimRetentionPolicy: lost('claims are kept when a replica goes'),
  ordinals: lost('replicas are numbered from 0'),
  backoffLimitPerIndex: lost('jobs have no index'),
  completionMode: lost('jobs have no index'),
  completions: lost('a job runs once', 'Let the job itself fan out.'),
  parallelism: lost('a job runs once', 'Let the job itself fan out.'),
  manualSelector: needless('selectors are made by Seaworthy'),
  podFailurePolicy: lost('every failure of a job counts alike', 'Use `attempts`.'),
  suspend: lost('a job is not suspended in the catalog', 'Take its schedule away.'),
  ttlSecondsAfterFinished: needless('finished jobs are tidied up'),
  startingDeadlineSeconds: changed('what happens to missed runs is said by `missed`', 'Set `missed`.'),
  successfulJobsHistoryLimit: needless('finished jobs are tidied up'),
  failedJobsHistoryLimit: needless('finished jobs are tidied up'),
  timeZone: changed('schedules are in UTC', 'Turn the schedule into UTC.'),
}

export const uncarriedPodKeys: Readonly<Record<string, Uncarried>> = {
  activeDeadlineSeconds: lost('services have no deadline'),
  automountServiceAccountToken: needless('no token is mounted'),
  dnsConfig: lost('name resolution is that of the cluster'),
  dnsPolicy: needless('name resolution is that of the cluster'),
  enableServiceLinks: needless('addresses come from needs'),
  ephemeralContainers: needless('they are for debugging'),
  hostAliases: lost('entries of /etc/hosts have no counterpart', 'Make each an `external` and need it.'),
  hostIPC: lost('the IPC namespace is not shared'),
  hostNetwork: lost(
    'the host’s network is not shared',
    'Allow `host-network` under `security`, with a reason and an end.',
  ),
  hostPID: lost('the process namespace is not shared'),
  hostUsers: needless('user namespaces are those of the cluster'),
  hostname: needless('replicas are named by Seaworthy'),
  imagePullSecrets: lost(
    'secrets for pulling images are not named',
    'Add them to the namespace’s service account, or under `kubernetes`.',
  ),
  nodeName: lost('a replica is not tied to a node by name', 'Declare the machine and name it under `place`.'),
  overhead: needless('it is the runtime class’s'),
  os: needless('replicas run on Linux'),
  preemptionPolicy: lost('preemption follows from `tier`'),
  priority: lost('priority follows from `tier`', 'Set `tier`.'),
  priorityClassName: changed('priority follows from `tier`', 'Set `tier`.'),
  readinessGates: lost('readiness is what the probe says'),
  resourceClaims: lost('resource claims have no counterpart'),
  restartPolicy: needless('services are restarted, jobs tried again'),
  runtimeClassName: lost('the runtime class is that of the cluster'),
  schedulerName: lost('the scheduler is that of the cluster'),
  serviceAccount: changed(
    'each service has an account of its own, which may do nothing',
    'What it must do goes under `kubernetes`.',
  ),
  serviceAccountName: changed(
    'each service has an account of its own, which may do nothing',
    'What it must do goes under `kubernetes`.',
  ),
  setHostnameAsFQDN: needless('replicas are named by Seaworthy'),
  shareProcessNamespace: lost('the process namespace is not shared'),
  subdomain: needless('replicas are named by Seaworthy'),
  tolerations: lost('taints are not tolerated by the catalog'),
}

export const uncarriedContainerKeys: Readonly<Record<string, Uncarried>> = {
  imagePullPolicy: needless('images are pulled when they are not there; pin them by digest'),
  resizePolicy: needless('sizes change with a release'),
  restartPolicy: needless('services are restarted'),
  stdin: needless('services have no terminal'),
  stdinOnce: needless('services have no terminal'),
  terminationMessagePath: needless('the reason of an end is taken from its log'),
  terminationMessagePolicy: needless('the reason of an end is taken from its log'),
  tty: needless('services have no terminal'),
  volumeDevices: lost('raw devices have no counterpart'),
  workingDir: lost(
    'the working directory inside the image is that of the image',
    'Begin `run` with `sh -c "cd ... && exec ..."`.',
  ),
}

export const uncarriedServiceKeys: Readonly<Record<string, Uncarried>> = {
  allocateLoadBalancerNodePorts: needless('the gateway is what is open to the outside'),
  clusterIP: needless('addresses are given by the cluster'),
  clusterIPs: needless('addresses are given by the cluster'),
  externalIPs: lost('addresses of the outside are not kept', 'Point them at the gateway.'),
  externalName: lost('a name of the outside is not a service', 'Make it an `external` and need it.'),
  externalTrafficPolicy: needless('the gateway is what is open to the outside'),
  healthCheckNodePort: needless('the gateway is what is open to the outside'),
  internalTrafficPolicy: lost('traffic is not kept on its node'),
  ipFamilies: needless('addresses are given by the cluster'),
  ipFamilyPolicy: needless('addresses are given by the cluster'),
  loadBalancerClass: lost('the load balancer is the gateway’s', 'Choose its class where the gateway is rendered.'),
  loadBalancerIP: lost('the load balancer is the gateway’s', 'Give the gateway that address.'),
  loadBalancerSourceRanges: lost('addresses are not restricted', 'Restrict them before the gateway.'),
  publishNotReadyAddresses: lost('replicas that are not ready get no traffic'),
  sessionAffinityConfig: needless('affinity lasts as long as the client’s address'),
  trafficDistribution: lost('traffic is not kept in its zone'),
}

/** What becomes of objects that are no workload, by kind. */
export const uncarriedKinds: Readonly<Record<string, Uncarried>> = {
  Certificate: needless('certificates come from `tls` of the environment'),
  ClusterIssuer: needless('certificates come from `tls` of the environment'),
  ClusterRole: lost('rights in the cluster are not part of the catalog', 'Keep the manifest beside what is rendered.'),
  ClusterRoleBinding: lost(
    'rights in the cluster are not part of the catalog',
    'Keep the manifest beside what is rendered.',
  ),
  CustomResourceDefinition: lost(
    'definitions of others are not part of the catalog',
    'Keep the manifest beside what is rendered.',
  ),
  EndpointSlice: needless('it is made by the cluster'),
  Endpoints: lost('addresses outside of the cluster are not kept as endpoints', 'Make it an `external` and need it.'),
  Event: needless('it is made by the cluster'),
  ExternalSecret: changed(
    'where a secret comes from is said in `secret(name, { from })`',
    'Write `from: "vault:PATH#KEY"`.',
  ),
  Gateway: needless('the gateway is rendered'),
  GatewayClass: needless('the gateway is rendered'),
  IngressClass: needless('the class is said by `ingressClass` of the environment'),
  Issuer: needless('certificates come from `tls` of the environment'),
  LimitRange: needless('every part says its own size'),
  Namespace: needless('the namespace is named by the environment'),
  NetworkPolicy: changed('who may talk to whom follows from `needs`', 'Add what is missing under `network`.'),
  PersistentVolume: lost('volumes are made by the storage class', 'Name the class: `storage: { size, class }`.'),
  PodMonitor: needless('it is rendered for every service'),
  PriorityClass: needless('priority follows from `tier`'),
  PrometheusRule: lost('alerts are not read from rules', 'Write them under `alerts`, or as objectives under `slo`.'),
  Role: lost('rights of services are not part of the catalog', 'Keep the manifest beside what is rendered.'),
  RoleBinding: lost('rights of services are not part of the catalog', 'Keep the manifest beside what is rendered.'),
  Secret: needless('values of secrets are not copied'),
  SecretStore: needless('the store is named by the environment'),
  ClusterSecretStore: needless('the store is named by the environment'),
  ServiceAccount: needless('each service has an account of its own'),
  ServiceMonitor: needless('it is rendered for every service'),
  StorageClass: needless('classes are those of the cluster'),
  VerticalPodAutoscaler: lost('sizes are said, not learned', 'Set `cpu` and `memory`.'),
}
