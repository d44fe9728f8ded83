import { closeSync, openSync, statSync, unlinkSync } from 'node:fs'
import type { StateFiles } from './state-files.ts'

/** ms that a new holder gets to come up before another worker may start one. */
const patienceMs = 10_000

/**
 * Claims the right to start a new holder; false when another worker has claimed it a moment ago. Should two workers ever win, the
 * holder that takes the control socket's name last stays and the other steps down.
 */
export function claimTakeover(files: StateFiles, now: number = Date.now()): boolean {
  try {
    if (now - statSync(files.takeover).mtimeMs > patienceMs) unlinkSync(files.takeover)
  } catch {
    // Nobody has claimed it.
  }
  try {
    closeSync(openSync(files.takeover, 'wx'))
    return true
  } catch {
    return false
  }
}

/** Gives the claim back, once a holder answers. */
export function releaseTakeover(files: StateFiles): void {
  try {
    unlinkSync(files.takeover)
  } catch {
    // There was none.
  }
}
