import { environment, escalation, fleet, machine, type ServiceSpec, secret, service, volume } from 'seaworthy'

// The two machines. Neither GPU has MIG, so they are shared by MPS, which caps the memory of each client.

const mainpc = machine('mainpc', {
  gpu: { model: 'RTX 4090', memory: '24Gi', share: { mode: 'mps', replicas: 4 } },
  bands: { gpu: ['60%', '85%'], cpu: ['0%', '80%'], memory: ['0%', '80%'] },
})
const pc2 = machine('pc2', {
  gpu: { model: 'RTX 3060', memory: '12Gi', share: { mode: 'mps', replicas: 2 } },
  bands: { gpu: ['60%', '85%'], cpu: ['0%', '70%'], memory: ['0%', '75%'] },
})

const owner = escalation('owner', {
  steps: [{ to: ['email:owner@example.com', 'dashboard:ai-system'] }],
  respond: '1h',
})

// What kinds of groups promise.

const promises = {
  coordination: { availability: '99.9%', latency: { p99: '500ms' }, errors: '0.1%', custom: { conversations: '99%' } },
  memory: { availability: '99.95%', latency: { p99: '100ms' }, errors: '0.05%', custom: { retrievals: '95%' } },
  gpu: { availability: '99.5%', latency: { p99: '2s' }, errors: '0.2%', gpu: ['60%', '85%'] },
  language: { availability: '99.9%', latency: { p99: '1s' }, errors: '0.1%' },
  web: { availability: '99.9%', latency: { p99: '300ms' }, errors: '0.1%' },
  other: { availability: '99.5%', latency: { p99: '2s' }, errors: '0.5%' },
} as const satisfies Record<string, ServiceSpec['slo']>

/** What every group has. In development all of them run here, on the CPU, and each can be reached under its name. */
const group =
  (place: typeof mainpc) =>
  (name: string, program: string, promise: keyof typeof promises, more: ServiceSpec = {}) =>
    service(name, {
      run: `node services/${program}/main.ts`,
      build: '.',
      port: 8000,
      owner: 'ai-system',
      onCall: owner,
      runbook: `https://runbooks.example.com/ai-system/${name}`,
      tier: 'support',
      place: [place],
      health: { live: '/health/live', ready: '/health/ready' },
      slo: promises[promise],
      traffic: { rate: '2/s', peak: '20/s', errors: '0.02%' },
      ...more,
      on: {
        ...more.on,
        development: {
          place: null,
          replicas: 1,
          routes: [...(more.routes ?? []), { path: `/groups/${name}`, stripPath: true }],
          ...more.on?.development,
        },
      },
    })

/** A group with a part of its machine's GPU. There is no part to spare, so a new version takes the place of the old one. */
const onGpu =
  (place: typeof mainpc) =>
  (name: string, program: string, more: ServiceSpec = {}) =>
    group(place)(name, program, 'gpu', {
      gpu: { count: 1, memory: '6Gi' },
      memory: '1Gi',
      metrics: { inferences: 'what the model was asked' },
      rollout: { maxSurge: 0, maxUnavailable: 1 },
      silence: [
        {
          code: 'SW2241',
          reason: 'the GPU has no part to spare; the dialogue goes on without pictures and sound meanwhile',
          until: '2028-01-01',
        },
      ],
      ...more,
      on: { development: { gpu: null, slo: { gpu: null }, rollout: null } },
    })

/** The folder in which a group keeps its own data: backed up every night, while the group is stopped. */
const data = (name: string) => ({
  on: volume(`${name}-data`, {
    storage: '5Gi',
    backup: {
      schedule: '0 1 * * *',
      stopServices: true,
      retention: { last: 3, daily: 7, weekly: 4, monthly: 6 },
      drill: '0 5 * * 0',
      remote: ['sftp:nas.home.arpa:/backups/ai-system'],
    },
  }),
  as: 'DATA',
  mount: '/data',
})

const core = { tier: 'core', rollout: 'rolling', on: { production: { replicas: 2 } } } as const satisfies ServiceSpec

// MainPC

const main = group(mainpc)
const mainGpu = onGpu(mainpc)

const infra = main('infra-core', 'infra', 'other', { needs: [data('infra-core')] })
const memory = main('memory-stack', 'memory', 'memory', {
  tier: 'core',
  needs: [data('memory-stack')],
  metrics: { retrievals: 'recalls, by whether something was found' },
  load: { memory: { kind: 'sine', users: [10, 100], for: '15m', scenario: 'memory' } },
  silence: [
    {
      code: 'SW2242',
      reason: 'one writer of one SQLite file: a second replica would not be a second copy',
      until: '2028-01-01',
    },
  ],
})
const language = main('language-stack', 'language', 'language', {
  ...core,
  memory: '1Gi',
  metrics: { inferences: 'texts read, by kind' },
})
const emotion = main('emotion-system', 'emotion', 'other', { needs: [data('emotion-system')] })
const vision = mainGpu('vision-gpu', 'vision', {
  needs: [data('vision-gpu')],
  load: { vision: { kind: 'spike', users: 200, for: '5m', scenario: 'vision' } },
})
const speech = mainGpu('speech-gpu', 'speech', {
  load: { speech: { kind: 'burst', users: 50, for: '10m', scenario: 'speech' } },
})
const learning = mainGpu('learning-gpu', 'learning', { needs: [data('learning-gpu')] })
const reasoning = mainGpu('reasoning-gpu', 'reasoning', { needs: [data('reasoning-gpu')] })
const utility = main('utility-cpu', 'utility', 'other')

// The dialogue: memory → language → speech and vision, several turns. It can do without mood, sound and pictures.
const coordination = main('coordination', 'coordination', 'coordination', {
  ...core,
  needs: [
    { on: memory, as: 'MEMORY', timeout: '2s' },
    { on: language, as: 'LANGUAGE', timeout: '2s' },
    { on: emotion, as: 'EMOTION', timeout: '2s', optional: true },
    { on: speech, as: 'SPEECH', optional: true },
    { on: vision, as: 'VISION', optional: true },
  ],
  metrics: { conversation_turns: 'turns by outcome: the share that was answered is the conversation success rate' },
  load: { conversation: { kind: 'ramp', users: [1, 25], for: '15m', scenario: 'conversation' } },
})

// PC2

const second = group(pc2)

const infra2 = second('infra-core-pc2', 'infra', 'other', { needs: [data('infra-core-pc2')] })
const memory2 = second('memory-stack-pc2', 'memory', 'memory', { needs: [data('memory-stack-pc2')] })
const pipeline = second('async-pipeline', 'pipeline', 'other', {
  needs: [data('async-pipeline')],
  slo: { ...promises.other, queueAge: '5m' },
  metrics: { queue_oldest_age_seconds: 'age of the oldest waiting task' },
})
const tutoring = second('tutoring-cpu', 'tutoring', 'other', { needs: [data('tutoring-cpu')] })
const dream = onGpu(pc2)('vision-dream-gpu', 'dream')
const utility2 = second('utility-cpu-pc2', 'utility', 'other')
const web = second('web-interface', 'web', 'web', {
  ...core,
  needs: [{ on: coordination, as: 'COORDINATION', timeout: '5s' }],
  routes: ['/'],
  env: {
    // A file, not a variable: SESSION_KEY_FILE names it.
    SESSION_KEY: { secret: secret('session-key', { from: 'generate:32', rotateEvery: '30d' }), as: 'file' },
  },
})

const groups = [
  ...[infra, coordination, memory, vision, speech, learning, reasoning, language, utility, emotion],
  ...[infra2, memory2, pipeline, tutoring, dream, utility2, web],
]

// Asks every other group how it is.
const observability = main('observability', 'observability', 'other', {
  needs: [data('observability'), ...groups.map((on) => ({ on, optional: true }))],
  routes: ['/availability'],
  metrics: {
    availability: 'share of answers in time, by group, in percent',
    slo_compliance: 'share of objectives that are kept',
    p99_seconds: 'slowest hundredth of answers, by group',
  },
})

export default fleet('ai-system', {
  description: '18 groups of AI services on two GPU machines',
  services: [...groups, observability],
  environments: [
    environment('development', { gatewayPort: 0 }), // whichever is free
    environment('production', {
      engine: 'kubernetes', // k3s on both machines, GPUs by NVIDIA's device plugin
      context: 'k3s-home',
      domain: 'ai.home.arpa',
      tls: 'cert-manager',
      ingressClass: 'traefik',
      secrets: 'age',
      approvals: [{ by: ['owner'] }],
    }),
  ],
  monitoring: {
    prometheus: { retention: '15d' },
    notify: { critical: owner, warning: owner, info: owner },
    alerts: {
      fleet: [
        { name: 'machine down', when: 'nodes-down > 0', severity: 'critical' },
        { name: 'GPU over its band', when: 'gpu > 85%', for: '15m', severity: 'warning' },
        { name: 'backup missing', when: 'backup-age > 26h', severity: 'warning' },
      ],
      core: [{ name: 'down', when: 'down', for: '1m', severity: 'critical' }],
      support: [{ name: 'down', when: 'down', severity: 'warning' }],
    },
  },
  maintenance: {
    weekly: { schedule: '0 2 * * 0', for: '2h', purpose: 'updates' },
    monthly: { schedule: '0 1 * * 6#1', for: '4h', purpose: 'hardware and drivers' },
    emergency: { for: '4h', notice: '1h', purpose: 'whatever cannot wait' },
    experiments: {
      schedule: '0 3 * * 3',
      for: '1h',
      purpose:
        'chaos: latency, errors, crashes, partitions, GPU stress, memory pressure; an emergency stop ends it at once',
    },
  },
  silence: [
    {
      code: 'SW2721',
      reason:
        'windows allow disruption of one machine at a time; the dialogue path is kept up or given back in between',
      until: '2028-01-01',
    },
  ],
})
