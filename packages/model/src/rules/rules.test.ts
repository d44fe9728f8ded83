import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { check } from '../check.ts'
import { problemsOf } from '../document.ts'
import { dataExamples } from './examples/data.ts'
import { type RuleExample, today } from './examples/example.ts'
import { gpuExamples } from './examples/gpu.ts'
import { objectiveExamples } from './examples/objective.ts'
import { operationExamples } from './examples/operation.ts'
import { releaseExamples } from './examples/release.ts'
import { roomExamples } from './examples/room.ts'
import { trafficExamples } from './examples/traffic.ts'
import { rules } from './rules.ts'

const examples: readonly RuleExample[] = [
  ...dataExamples,
  ...gpuExamples,
  ...roomExamples,
  ...objectiveExamples,
  ...releaseExamples,
  ...trafficExamples,
  ...operationExamples,
]

test('every rule has a code of its own, and says by it whether it refuses or warns', () => {
  expect(new Set(rules.map(({ code }) => code)).size).toBe(rules.length)
  for (const { code, severity } of rules) expect(code).toMatch(severity === 'refusal' ? /^SW1\d{3}$/ : /^SW2\d{3}$/)
})

test('every rule has fleets that break it and fleets that do not', () => {
  const shown = new Set(examples.map(({ code }) => code))
  expect(rules.map(({ code }) => code).filter((code) => !shown.has(code))).toEqual([])
})

describe('each rule finds what breaks it, and nothing else', () => {
  for (const { code, title } of rules) {
    const own = examples.filter((example) => example.code === code)
    test.runIf(own.length > 0)(`${code} ${title}`, () => {
      for (const { fails, holds } of own) {
        fc.assert(
          fc.property(fails, (document) => {
            expect(problemsOf(document)).toEqual([])
            const { refusals, warnings } = check(document, { today })
            const found = [...refusals, ...warnings].filter((finding) => finding.code === code)
            expect(found.length).toBeGreaterThan(0)
            for (const { message, hint, path } of found) {
              expect(message).toMatch(/expected .*found /)
              expect(`${message} ${hint}`).not.toMatch(/NaN|undefined|Infinity|\[object/)
              expect(hint).not.toBe('')
              expect(path).not.toBe('')
            }
          }),
          { numRuns: 20 },
        )
        fc.assert(
          fc.property(holds, (document) => {
            expect(problemsOf(document)).toEqual([])
            const { refusals, warnings } = check(document, { today })
            expect([...refusals, ...warnings].filter((finding) => finding.code === code)).toEqual([])
          }),
          { numRuns: 20 },
        )
      }
    })
  }
})
