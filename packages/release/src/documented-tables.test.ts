import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fleetTable } from './fleet/fleet-transitions.ts'
import { table } from './machine/transitions.ts'

const text = readFileSync(new URL('../../../docs/releases.md', import.meta.url), 'utf8')

/** The tables of phases in the text: phase to the events that mean something there. */
function documented(): readonly Record<string, readonly string[]>[] {
  const blocks = text.split('\n\n').filter((block) => block.startsWith('| phase |'))
  return blocks.map((block) => {
    const [head = [], , ...rows] = block
      .trim()
      .split('\n')
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      )
    return Object.fromEntries(
      rows.map(([phase = '', ...cells]) => [
        phase,
        cells.flatMap((cell, i) => (cell ? [head[i + 1] ?? ''] : [])).sort(),
      ]),
    )
  })
}

function inCode(phases: Readonly<Record<string, object>>): Record<string, readonly string[]> {
  const moving = Object.entries(phases).filter(([, row]) => Object.keys(row).length > 0)
  return Object.fromEntries(moving.map(([phase, row]) => [phase, Object.keys(row).sort()]))
}

describe('the tables in docs/releases.md', () => {
  it('have a cell for every transition in the code, and for no other', () => {
    const [ofRelease, ofFleet] = documented()
    expect(ofRelease).toEqual(inCode(table))
    expect(ofFleet).toEqual(inCode(fleetTable))
  })
})
