import type { Dice } from './dice.ts'
import type { ArmLog, RequestLog } from './log.ts'

function add(arm: ArmLog, second: number, requests: number, errors: number, episodes: number): void {
  if (second >= arm.requests.length) return
  arm.requests[second] = (arm.requests[second] ?? 0) + requests
  arm.errors[second] = (arm.errors[second] ?? 0) + errors
  arm.episodes[second] = (arm.episodes[second] ?? 0) + episodes
}

/** Broken sessions: a sticky client that fails `size` times, once a second, on its version, and then is gone. */
export function brokenSessions(perSecond: number, size: number): (log: RequestLog, dice: Dice) => void {
  return (log, dice) => {
    for (let second = 0; second < log.seconds; second++) {
      for (let session = dice.poisson(perSecond); session > 0; session--) {
        const arm = dice.uniform() < (log.share[second] ?? 0) ? log.canary : log.baseline
        for (let error = 0; error < size; error++) add(arm, second + error, 1, 1, error === 0 ? 1 : 0)
      }
    }
  }
}

/** Bursts: a replica stalls and fails `size` requests of one version within a second (a pause, a broken pool). */
export function replicaBursts(perSecond: number, size: number): (log: RequestLog, dice: Dice) => void {
  return (log, dice) => {
    for (let second = 0; second < log.seconds; second++) {
      for (let burst = dice.poisson(perSecond); burst > 0; burst--) {
        const arm = dice.uniform() < (log.share[second] ?? 0) ? log.canary : log.baseline
        add(arm, second, size, size, size)
      }
    }
  }
}

/**
 * One abusive client, sticky, all of whose requests fail. Its episode window is as long as the release, so it counts once for each
 * version and share that it meets.
 */
export function abusiveClient(perSecond: number): (log: RequestLog, dice: Dice) => void {
  return (log, dice) => {
    const place = dice.uniform()
    let last = -1
    for (let second = 0; second < log.seconds; second++) {
      const share = log.share[second] ?? 0
      const requests = dice.poisson(perSecond)
      add(place < share ? log.canary : log.baseline, second, requests, requests, share !== last && requests > 0 ? 1 : 0)
      if (requests > 0) last = share
    }
  }
}

/** Clients of very different activity and luck, each on one version: `count` of them send `rps` requests with `errorRate` failing. */
export function unequalClients(count: number, rps: number, errorRate: number): (log: RequestLog, dice: Dice) => void {
  return (log, dice) => {
    const activity = Array.from({ length: count }, () => Math.exp(1.5 * dice.normal()))
    const luck = activity.map(() => Math.exp(1.5 * dice.normal()))
    const total = activity.reduce((sum, value) => sum + value, 0)
    const scale = activity.reduce((sum, value, index) => sum + value * (luck[index] ?? 0), 0) / total
    activity.forEach((weight, index) => {
      const rate = (rps * weight) / total
      const chance = Math.min(0.5, (errorRate * (luck[index] ?? 0)) / scale)
      oneClient(log, dice, rate, chance)
    })
  }
}

function oneClient(log: RequestLog, dice: Dice, rate: number, chance: number): void {
  const place = dice.uniform()
  let counted = -1
  // Requests one by one: gaps between requests are exponential.
  let waited = -Math.log(dice.uniform()) / rate
  while (waited < log.seconds) {
    const second = Math.floor(waited)
    waited += -Math.log(dice.uniform()) / rate
    const share = log.share[second] ?? 0
    const fails = dice.uniform() < chance
    add(place < share ? log.canary : log.baseline, second, 1, fails ? 1 : 0, fails && counted !== share ? 1 : 0)
    if (fails) counted = share
  }
}
