import { check, loadFleet, resolve } from '@seaworthy/model'
import { describe, expect, test } from 'vitest'

const today = '2026-11-20'
const loaded = await loadFleet(import.meta.dirname)
const [development, production] = ['development', 'production'].map((name) => resolve(loaded.document, name))
const services = Object.values(production?.services ?? {})
const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000]
const gibibyte = 2 ** 30
const onMachine = (name: string): string[] =>
  services
    .filter(({ place }) => place.machines.includes(name))
    .map((service) => service.name)
    .sort()

describe('the catalog of ai-system', () => {
  test('is accepted without a warning; three kinds are silenced for a reason', () => {
    const { refusals, warnings, silenced } = check(loaded, { today })
    expect([...refusals, ...warnings]).toEqual([])
    expect(new Set(silenced.map(({ code }) => code))).toEqual(new Set(['SW2241', 'SW2242', 'SW2721']))
  })
})

describe('the claims that cannot be true', () => {
  test('MIG in four on an RTX 4090, and names with underscores, are refused', async () => {
    const { refusals } = check(await loadFleet(`${import.meta.dirname}/as-claimed`), { today })
    expect(refusals).toMatchObject([
      { code: 'SW1007', path: 'services.memory_stack', hint: 'write memory-stack' },
      { code: 'SW1201', path: 'machines.mainpc.gpu.share.mode', message: expect.stringContaining('found RTX 4090') },
    ])
  })
})

describe('MainPC', () => {
  test('RTX 4090 with 24 GB in four parts with memory caps, by MPS', () => {
    expect(production?.machines.mainpc?.gpu).toMatchObject({
      model: 'RTX 4090',
      memory: 24 * gibibyte,
      share: { mode: 'mps', replicas: 4 },
    })
    for (const name of ['vision-gpu', 'speech-gpu', 'learning-gpu', 'reasoning-gpu']) {
      expect(production?.services[name]?.gpu).toMatchObject({ count: 1, memory: 6 * gibibyte })
    }
  })
  test('eleven groups', () => {
    expect(onMachine('mainpc')).toEqual(
      [
        'infra-core',
        'coordination',
        'observability',
        'memory-stack',
        'vision-gpu',
        'speech-gpu',
        'learning-gpu',
        'reasoning-gpu',
        'language-stack',
        'utility-cpu',
        'emotion-system',
      ].sort(),
    )
  })
  test('GPU 60–85 % busy, CPU < 80 %, memory < 80 %', () => {
    expect(production?.machines.mainpc?.bands).toEqual({ gpu: [0.6, 0.85], cpu: [0, 0.8], memory: [0, 0.8] })
  })
})

describe('PC2', () => {
  test('RTX 3060 with 12 GB, by MPS', () => {
    expect(production?.machines.pc2?.gpu).toMatchObject({
      model: 'RTX 3060',
      memory: 12 * gibibyte,
      share: { mode: 'mps' },
    })
  })
  test('seven groups', () => {
    expect(onMachine('pc2')).toEqual(
      [
        'infra-core-pc2',
        'memory-stack-pc2',
        'async-pipeline',
        'tutoring-cpu',
        'vision-dream-gpu',
        'utility-cpu-pc2',
        'web-interface',
      ].sort(),
    )
  })
  test('GPU 60–85 %, CPU < 70 %, memory < 75 %', () => {
    expect(production?.machines.pc2?.bands).toEqual({ gpu: [0.6, 0.85], cpu: [0, 0.7], memory: [0, 0.75] })
  })
})

describe('objectives: availability, p99, errors', () => {
  test.each([
    [['coordination'], 0.999, 500, 0.001],
    [['memory-stack', 'memory-stack-pc2'], 0.9995, 100, 0.0005],
    [['vision-gpu', 'speech-gpu', 'learning-gpu', 'reasoning-gpu', 'vision-dream-gpu'], 0.995, 2 * second, 0.002],
    [['language-stack'], 0.999, second, 0.001],
    [['web-interface'], 0.999, 300, 0.001],
  ])('%j', (names, availability, p99, errors) => {
    for (const name of names) {
      expect(production?.services[name]?.slo).toMatchObject({ availability, latency: { p99 }, errors })
    }
  })
  test('GPU services keep the GPU 60–85 % busy', () => {
    for (const { gpu, slo } of services) if (gpu) expect(slo?.gpu).toEqual([0.6, 0.85])
  })
  test('25 and more in all', () => {
    const count = services.reduce((sum, { slo }) => {
      const { availability, errors, latency = {}, gpu, queueAge, custom = {} } = slo ?? {}
      const single = [availability, errors, gpu, queueAge].filter((value) => value !== undefined).length
      return sum + single + Object.keys(latency).length + Object.keys(custom).length
    }, 0)
    expect(count).toBeGreaterThanOrEqual(25)
  })
})

describe('front doors', () => {
  test('a health probe for every container', () => {
    for (const { health } of services) {
      expect(health).toMatchObject({ live: { http: '/health/live' }, ready: { http: '/health/ready' } })
    }
  })
  test('metrics are gathered', () => expect(production?.monitoring.prometheus).toBeDefined())
  test('the dialogue: coordination → memory → language → speech and vision', () => {
    const needs = production?.services.coordination?.needs.map(({ on, optional }) => `${on.name}${optional ? '?' : ''}`)
    expect(needs).toEqual(['memory-stack', 'language-stack', 'emotion-system?', 'speech-gpu?', 'vision-gpu?'])
    expect(production?.services['web-interface']?.needs.map(({ on }) => on.name)).toEqual(['coordination'])
  })
})

describe('data', () => {
  test('every night, with retention, a remote copy and a drill; services are stopped and started around it', () => {
    const volumes = Object.values(production?.volumes ?? {})
    expect(volumes.length).toBeGreaterThan(8)
    for (const { backup } of volumes) {
      expect(backup).toMatchObject({
        schedule: '0 1 * * *',
        stopServices: true,
        retention: { last: 3, daily: 7, weekly: 4, monthly: 6 },
        remote: [expect.stringMatching(/^sftp:/)],
        drill: expect.any(String),
      })
    }
  })
})

describe('secrets', () => {
  test('handed over as files, new every month', () => {
    expect(production?.services['web-interface']?.env.SESSION_KEY).toEqual({ secret: 'session-key', as: 'file' })
    expect(production?.secrets['session-key']?.rotateEvery).toBe(30 * day)
  })
})

describe('chaos', () => {
  test.each(['latency', 'errors', 'crashes', 'partitions', 'GPU stress', 'memory pressure', 'emergency stop'])(
    '%s, once a week',
    (fault) => {
      expect(production?.maintenance.experiments).toMatchObject({ schedule: '0 3 * * 3', for: hour })
      expect(production?.maintenance.experiments?.purpose).toContain(fault)
    },
  )
})

describe('load', () => {
  test.each([
    ['coordination', 'conversation', 'ramp'],
    ['vision-gpu', 'vision', 'spike'],
    ['speech-gpu', 'speech', 'burst'],
    ['memory-stack', 'memory', 'sine'],
  ])('%s: %s as a %s', (name, scenario, kind) => {
    expect(production?.services[name]?.load[scenario]).toMatchObject({ kind, scenario })
  })
})

describe('metrics of its own', () => {
  test.each([
    ['observability', 'availability'],
    ['observability', 'slo_compliance'],
    ['observability', 'p99_seconds'],
    ['coordination', 'conversation_turns'],
    ['language-stack', 'inferences'],
    ['memory-stack', 'retrievals'],
  ])('%s counts %s', (name, metric) => expect(production?.services[name]?.metrics).toHaveProperty(metric))
  test('conversation success and retrieval accuracy are promised', () => {
    expect(production?.services.coordination?.slo?.custom).toHaveProperty('conversations')
    expect(production?.services['memory-stack']?.slo?.custom).toHaveProperty('retrievals')
  })
})

describe('maintenance', () => {
  test('Sunday 02:00–04:00 UTC, first Saturday 01:00–05:00 UTC, emergencies with 1 h notice', () => {
    expect(production?.maintenance).toMatchObject({
      weekly: { schedule: '0 2 * * 0', for: 2 * hour },
      monthly: { schedule: '0 1 * * 6#1', for: 4 * hour },
      emergency: { notice: hour },
    })
  })
})

describe('path to a cluster', () => {
  test('the same groups run here without a GPU, and on k3s with the device plugin', () => {
    expect(development?.environment.engine).toBe('machine')
    for (const service of Object.values(development?.services ?? {})) {
      expect(service.gpu).toBeUndefined()
      expect(service.place.machines).toEqual([])
    }
    expect(production?.environment).toMatchObject({ engine: 'kubernetes', ingressClass: 'traefik' })
  })
  test('queue age is promised where there is a queue', () => {
    expect(production?.services['async-pipeline']?.slo?.queueAge).toBe(5 * minute)
  })
})
