import { describe, isOver, type ReleaseState } from '@seaworthy/release'
import type { Io } from '../io.ts'
import { paint } from '../paint.ts'
import { tableLines } from '../table.ts'

function where(state: ReleaseState): string {
  if (isOver(state.phase)) return 'reason' in state.phase ? state.phase.reason : ''
  const instruction = state.program[state.at]
  const reason = 'reason' in state.phase ? `${state.phase.reason}; ` : ''
  return `${reason}${state.at + 1}/${state.program.length} ${instruction ? describe(instruction) : ''}`
}

/** Releases as a table, newest last. */
export function releaseTable(states: readonly ReleaseState[], io: Io): readonly string[] {
  const { bad, good } = paint(io.color)
  const paintPhase = (text: string): string =>
    text.trim() === 'completed' ? good(text) : /^(rolled-back|stuck|frozen|holding)/.test(text) ? bad(text) : text
  if (states.length === 0) return ['no release yet']
  const columns = [
    { title: 'release' },
    { title: 'service' },
    { title: 'change' },
    { title: 'strategy' },
    { title: 'phase', paint: paintPhase },
    { title: 'where' },
  ]
  return tableLines(
    columns,
    states.map((state) => [
      state.id,
      state.service,
      `${state.from} → ${state.to}`,
      state.strategy,
      state.phase.kind,
      where(state),
    ]),
    { width: io.columns },
  )
}
