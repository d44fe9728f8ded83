import type { ControllerClient } from '@seaworthy/engine'
import { isOver, type ReleaseSight, type ReleaseState } from '@seaworthy/release'
import { LiveScreen } from '../fleet/live-screen.ts'
import type { Io } from '../io.ts'
import { paint } from '../paint.ts'
import { decisionLines } from './decision-lines.ts'

/** Shows a release until it is over, held, or the person leaves; a live screen in a terminal, lines elsewhere. Returns its last state. */
export async function followInTerminal(
  client: ControllerClient,
  id: string,
  io: Io,
  json: boolean,
): Promise<ReleaseState | undefined> {
  const { dim, bad, good } = paint(io.color)
  const live = io.interactive && !json
  const screen = new LiveScreen(io)
  let state: ReleaseState | undefined
  let doing = ''
  let quietSince = 0
  const leave = (): void => {
    if (live) screen.leave()
  }
  for await (const sight of client.events<ReleaseSight>(
    'GET',
    `/v1/releases/${encodeURIComponent(id)}/follow`,
    undefined,
    io.signal,
  )) {
    if (json) {
      io.out(JSON.stringify(sight))
      if (sight.kind === 'state') state = sight.state
      continue
    }
    switch (sight.kind) {
      case 'doing':
        leave()
        doing = sight.text
        io.out(`${dim(`${sight.at + 1}/${state?.program.length ?? '?'}`)} ${doing}`)
        break
      case 'decision': {
        const lines = decisionLines(sight.decision, io)
        if (live) screen.draw([...lines, '', dim('Ctrl-C leaves; the release goes on.')])
        // Elsewhere one line every ten seconds, and whenever something is decided.
        else if (sight.decision.kind !== 'continue' && sight.decision.kind !== 'warming-up')
          io.out(`  ${sight.decision.sentence}`)
        else if (sight.decision.at - quietSince >= 10_000) {
          quietSince = sight.decision.at
          io.out(`  ${sight.decision.sentence}`)
        }
        break
      }
      case 'state':
        state = sight.state
        if (state.phase.kind === 'running') break
        leave()
        io.out(
          `${isOver(state.phase) ? (state.phase.kind === 'completed' ? good('completed') : bad(state.phase.kind)) : bad(state.phase.kind)}${'reason' in state.phase ? `: ${state.phase.reason}` : ''}`,
        )
        break
    }
  }
  leave()
  return state
}
