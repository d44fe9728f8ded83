import type { ControllerClient } from '@seaworthy/engine'
import type { Fleet } from '@seaworthy/model'
import { isOver, type ReleaseSight, type ReleaseState } from '@seaworthy/release'
import { drive, type Traffic } from '../../scripts/tour/traffic.ts'

/** One release to rehearse. */
export interface RehearsalCase {
  readonly service: string
  /** As `SEAWORTHY_REHEARSE` takes it; none for a version that is as good. */
  readonly fault?: string
  readonly expected: 'completed' | 'rolled-back'
}

/** What came of it. */
export interface RehearsalResult extends RehearsalCase {
  readonly outcome: string
  /** From the command to the end, s. */
  readonly seconds: number
  readonly requests: number
  /** Answered with 500 or more, or not at all. */
  readonly harmed: number
  readonly reason: string
}

/** Releases a version with a fault under traffic, with nobody touching it, and waits for its end. */
export async function rehearseRelease(
  client: ControllerClient,
  fleet: Fleet,
  url: string,
  traffic: Traffic,
  one: RehearsalCase,
  number: number,
): Promise<RehearsalResult> {
  const version = `r${number}`
  const overrides = { env: { VERSION: version, ...(one.fault !== undefined && { SEAWORTHY_REHEARSE: one.fault }) } }
  const running = drive(url, traffic)
  const from = performance.now()
  const { id } = await client.call<ReleaseState>('POST', '/v1/releases', {
    fleet,
    request: { service: one.service, version, overrides },
  })
  let last: ReleaseState | undefined
  for await (const sight of client.events<ReleaseSight>('GET', `/v1/releases/${id}/follow`)) {
    if (sight.kind === 'state') last = sight.state
    if (
      last &&
      (isOver(last.phase) ||
        last.phase.kind === 'stuck' ||
        last.phase.kind === 'frozen' ||
        (last.phase.kind === 'holding' && last.phase.by === 'person'))
    )
      break
  }
  const seconds = (performance.now() - from) / 1000
  const account = await running.end()
  const phase = last?.phase
  if (phase && !isOver(phase)) await client.call('POST', `/v1/releases/${id}/abort`, {}).catch(() => undefined)
  return {
    ...one,
    outcome: phase?.kind ?? 'unknown',
    seconds,
    requests: account.sent,
    harmed: account.lost,
    reason: phase && 'reason' in phase ? phase.reason : '',
  }
}
