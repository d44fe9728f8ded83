import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { problemsOf } from '../../document.ts'
import { readKubernetes } from '../kubernetes/read-kubernetes.ts'
import { printConfig } from '../print/print-config.ts'
import { memoryFiles } from '../source-files.ts'
import { evaluateConfig } from '../testing/evaluate-config.ts'
import { readCompose } from './read-compose.ts'

const keys = (
  'build command entrypoint image ports expose environment env_file depends_on healthcheck deploy scale profiles secrets ' +
  'configs volumes networks extends labels links restart user cap_add gpus tmpfs stop_grace_period stop_signal pre_stop ' +
  'network_mode volumes_from mem_limit cpus pids_limit runtime security_opt working_dir logging ulimits made_up'
).split(' ')

/** What files hold when they were written in a hurry: texts that mean something somewhere, numbers, and wrong kinds. */
const value = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '80',
      '8080:80',
      'a:/a',
      './x:/y:ro',
      'db',
      'A=1',
      '$A',
      '1m30s',
      '512m',
      'node a.js',
      'postgres://u:p@db/x',
      'http://web:80',
      'all',
      'no',
      '',
      '../..',
      '/',
      'KEY',
    ),
  },
  fc.jsonValue({ maxDepth: 3 }),
  fc.dictionary(
    fc.constantFrom(
      'test',
      'interval',
      'target',
      'source',
      'condition',
      'resources',
      'limits',
      'context',
      'path',
      'A',
      'db',
      'published',
    ),
    fc.jsonValue({ maxDepth: 2 }),
    { maxKeys: 4 },
  ),
  fc.array(fc.constantFrom('80', 'a:/a', 'db', 'A=1', 'CMD', 'KEY'), { maxLength: 3 }),
)
const service = fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 6 })
const compose = fc.record({
  services: fc.dictionary(
    fc.constantFrom('web', 'db', 'My_Cache', '1'),
    fc.oneof(service, fc.constant({ image: 'postgres:16' }), fc.constant({ image: 'redis' }), value),
    { maxKeys: 4 },
  ),
  volumes: fc.option(value),
  secrets: fc.option(value),
  networks: fc.option(value),
})

describe('whatever a file holds', () => {
  it('a Compose file is read or refused, and what is read becomes a config that can be read', () => {
    fc.assert(
      fc.property(compose, (document) => {
        const { draft, problems } = readCompose(
          memoryFiles({ 'compose.yaml': JSON.stringify(document) }),
          ['compose.yaml'],
          'shop',
        )
        if (!draft) {
          expect(problems.length).toBeGreaterThan(0)
          return
        }
        const fleet = evaluateConfig(printConfig(draft))
        expect(problemsOf(fleet)).toEqual([])
        for (const note of draft.notes) expect(note.line).toBeGreaterThan(0)
      }),
      { numRuns: 400, seed: 7 },
    )
  })

  it('a manifest too', () => {
    const pod = fc.record({
      containers: fc.oneof(
        value,
        fc.array(
          fc.dictionary(
            fc.constantFrom(
              'name',
              'image',
              'ports',
              'env',
              'envFrom',
              'args',
              'command',
              'resources',
              'livenessProbe',
              'readinessProbe',
              'volumeMounts',
              'securityContext',
              'lifecycle',
            ),
            value,
            { maxKeys: 5 },
          ),
          { maxLength: 2 },
        ),
      ),
      volumes: fc.option(value),
      affinity: fc.option(value),
      nodeSelector: fc.option(value),
    })
    const manifest = fc.record({
      apiVersion: fc.constant('apps/v1'),
      kind: fc.constantFrom(
        'Deployment',
        'StatefulSet',
        'CronJob',
        'Pod',
        'Service',
        'Ingress',
        'HorizontalPodAutoscaler',
        'ConfigMap',
        'Secret',
        'Odd',
      ),
      metadata: fc.oneof(fc.constant({ name: 'app' }), value),
      spec: fc.oneof(
        value,
        fc.record({ replicas: value, strategy: value, template: fc.record({ metadata: value, spec: pod }) }),
      ),
    })
    fc.assert(
      fc.property(fc.array(manifest, { maxLength: 4 }), (objects) => {
        const { draft } = readKubernetes(
          memoryFiles(Object.fromEntries(objects.map((object, index) => [`${index}.yaml`, JSON.stringify(object)]))),
          '.',
          'shop',
        )
        if (draft) expect(problemsOf(evaluateConfig(printConfig(draft)))).toEqual([])
      }),
      { numRuns: 300, seed: 7 },
    )
  })
})
