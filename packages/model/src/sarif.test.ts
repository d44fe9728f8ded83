import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { fleet } from './author/fleet.ts'
import { postgres, service } from './author/parts.ts'
import { check } from './check.ts'
import { toSarif } from './sarif.ts'

/** What SARIF 2.1.0 demands of the parts that are written here (OASIS schema, sections run, tool, result, location). */
const text = { type: 'object', required: ['text'], properties: { text: { type: 'string', minLength: 1 } } } as const
const level = { enum: ['none', 'note', 'warning', 'error'] } as const
const schema = {
  type: 'object',
  required: ['version', 'runs'],
  properties: {
    version: { const: '2.1.0' },
    runs: {
      type: 'array',
      items: {
        type: 'object',
        required: ['tool', 'results'],
        properties: {
          tool: {
            type: 'object',
            required: ['driver'],
            properties: {
              driver: {
                type: 'object',
                required: ['name'],
                properties: {
                  rules: {
                    type: 'array',
                    uniqueItems: true,
                    items: {
                      type: 'object',
                      required: ['id'],
                      properties: {
                        name: { type: 'string', pattern: '^[A-Za-z0-9]+$' },
                        shortDescription: text,
                        fullDescription: text,
                        defaultConfiguration: { type: 'object', properties: { level } },
                      },
                    },
                  },
                },
              },
            },
          },
          results: {
            type: 'array',
            items: {
              type: 'object',
              required: ['message'],
              properties: {
                message: text,
                level,
                ruleIndex: { type: 'integer', minimum: 0 },
                locations: {
                  type: 'array',
                  items: {
                    type: 'object',
                    properties: {
                      physicalLocation: {
                        type: 'object',
                        required: ['artifactLocation'],
                        properties: {
                          artifactLocation: {
                            type: 'object',
                            properties: { uri: { type: 'string', pattern: "^[A-Za-z0-9._~:/%@!$&'()*+,;=-]+$" } },
                          },
                          region: {
                            type: 'object',
                            properties: {
                              startLine: { type: 'integer', minimum: 1 },
                              startColumn: { type: 'integer', minimum: 1 },
                            },
                          },
                        },
                      },
                    },
                  },
                },
                suppressions: {
                  type: 'array',
                  items: {
                    type: 'object',
                    required: ['kind'],
                    properties: { kind: { enum: ['inSource', 'external'] } },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
} as const

const document = fleet('shop', {
  services: [service('api', { run: 'node api.ts', port: 3000, routes: ['/'], rollout: 'canary' })],
  postgres: [postgres('db', { backup: { schedule: '0 2 * * *', rpo: '1h', drill: '0 4 * * 1' } })],
  silence: [{ code: 'SW2402', reason: 'traffic is measured next week', until: '2026-12-01' }],
})
const report = check(
  { document, locate: (path) => ({ file: 'my catalogs/seaworthy.config.mts', line: 7, column: 3, path }) },
  { today: '2026-11-20' },
)
const log = toSarif(report, { version: '1.0.0', rulesUri: 'https://example.com/rules.md' })

describe('the SARIF log', () => {
  test('is valid', () => {
    const ajv = new Ajv({ strict: false })
    expect(ajv.validate(schema, log), JSON.stringify(ajv.errors)).toBe(true)
  })

  test('points at the rule, the file and the catalog path', () => {
    const [run] = log.runs
    const [result] = run?.results ?? []
    expect(result).toMatchObject({
      ruleId: 'SW1101',
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'my%20catalogs/seaworthy.config.mts' },
            region: { startLine: 7, startColumn: 3 },
          },
          logicalLocations: [{ fullyQualifiedName: 'postgres.db.backup.rpo' }],
        },
      ],
    })
    const rule = run?.tool.driver.rules[result?.ruleIndex ?? -1]
    expect(rule).toMatchObject({ id: 'SW1101', helpUri: 'https://example.com/rules.md#sw1101' })
  })

  test('says of a silenced warning that it is suppressed, by whose reason and until when', () => {
    const suppressed = log.runs[0]?.results.filter((result) => result.suppressions)
    expect(suppressed).toMatchObject([
      { ruleId: 'SW2402', suppressions: [{ justification: 'traffic is measured next week (until 2026-12-01)' }] },
    ])
  })
})
