import type { ProbePlan } from '../supervisor/probe-track.ts'
import type { JobRun, Unit, UnitNeed } from '../supervisor/unit.ts'
import type { SeededRandom } from './seeded-random.ts'

/** How the programs of a unit behave while faults are on. */
export interface Temper {
  /** ms from the start until it answers. */
  readonly startMs: number
  /** Chance per second of running that it crashes. */
  readonly crashes: number
  /** Chance per second that it stops answering for good. */
  readonly hangs: number
  /** Chance that a start fails at once. */
  readonly failsToStart: number
  /** Chance that SIGTERM does nothing. */
  readonly ignoresTerm: number
  /** Chance that a child stays behind when the leader ends. */
  readonly leavesChild: number
  /** ms from SIGTERM to its end, where it hears it. */
  readonly stopMs: number
}

/** What goes wrong around them. */
export interface Weather {
  /** ms for which faults go on. */
  readonly storm: number
  /** Chance that an answer to a probe is lost. */
  readonly lostProbes: number
  /** Longest write to disk, ms. */
  readonly slowDisk: number
  /** Mean ms between kills of the controller; 0 for none. */
  readonly controllerKills: number
  /** Longest time until the gateway follows, ms. */
  readonly slowGateway: number
  /** Chance that the gateway is not there when it is told something. */
  readonly gatewayAway: number
  /** Mean ms between changes of what is wanted; 0 for none. */
  readonly changes: number
}

/** One run of the simulation: a fleet, its programs, and the weather. */
export interface Scenario {
  readonly units: readonly Unit[]
  readonly tempers: ReadonlyMap<string, Temper>
  readonly job: JobRun | undefined
  /** ms that the job takes; exits 1 with `jobFails`. */
  readonly jobMs: number
  readonly jobFails: number
  readonly weather: Weather
}

/** Draws a scenario. */
export function drawScenario(random: SeededRandom): Scenario {
  const count = random.whole(1, 4)
  const job: JobRun | undefined = random.chance(0.4)
    ? {
        key: 'migrate-1',
        job: 'migrate',
        needs: [{ target: 'postgres:unit0', optional: false }],
        attempts: random.whole(1, 3),
        timeout: 5000,
      }
    : undefined
  const units: Unit[] = []
  const tempers = new Map<string, Temper>()
  for (let index = 0; index < count; index += 1) {
    const unit = drawUnit(random, index, units, job !== undefined)
    units.push(unit)
    tempers.set(unit.id, drawTemper(random))
  }
  return {
    units,
    tempers,
    job,
    jobMs: random.whole(10, 3000),
    jobFails: random.chance(0.3) ? 0.5 : 0,
    weather: drawWeather(random),
  }
}

function drawUnit(random: SeededRandom, index: number, before: readonly Unit[], hasJob: boolean): Unit {
  const resource = index === 0
  const needs: UnitNeed[] = before
    .filter(() => random.chance(0.5))
    .map((unit) => ({ target: unit.target, optional: random.chance(0.2) }))
  if (!resource && hasJob && random.chance(0.5)) needs.push({ target: 'job:migrate', optional: false })
  const probe = (every: number): ProbePlan => ({
    question: { kind: 'tcp', port: 0 },
    every,
    timeout: random.whole(200, 1000),
    failures: random.whole(1, 3),
    successes: random.chance(0.8) ? 1 : 2,
    delay: random.chance(0.8) ? 0 : random.whole(1, 2000),
  })
  return {
    id: resource ? 'postgres:unit0' : `unit${index}@v1`,
    target: resource ? 'postgres:unit0' : `service:unit${index}`,
    stem: `unit${index}`,
    needs,
    replicas: resource ? 1 : random.whole(1, 3),
    policy: {
      routed: !resource && random.chance(0.8),
      drain: random.whole(100, 5000),
      grace: random.whole(100, 5000),
      restart: { first: 100, longest: 5000, jitter: 0.2, crashLoop: 5, forgive: 10_000 },
      health: {
        settle: 250,
        liveAfterReady: random.chance(0.5),
        ...(random.chance(0.3) && { startup: { ...probe(1000), failures: 10 } }),
        ...(random.chance(0.9) && { ready: probe(random.whole(1000, 5000)) }),
        // A liveness that a start cannot meet loops for ever, rightly.
        live: { ...probe(random.whole(1000, 5000)), delay: 2000 },
      },
    },
  }
}

function drawTemper(random: SeededRandom): Temper {
  const rarely = (most: number): number => (random.chance(0.5) ? 0 : random.next() * most)
  return {
    startMs: random.whole(1, 1500),
    crashes: rarely(0.1),
    hangs: rarely(0.03),
    failsToStart: rarely(0.4),
    ignoresTerm: rarely(0.5),
    leavesChild: rarely(0.5),
    stopMs: random.whole(1, 1000),
  }
}

function drawWeather(random: SeededRandom): Weather {
  return {
    storm: random.whole(2000, 12_000),
    lostProbes: random.chance(0.5) ? 0 : random.next() * 0.3,
    slowDisk: random.chance(0.5) ? 0 : random.whole(1, 500),
    controllerKills: random.chance(0.5) ? 0 : random.whole(2000, 10_000),
    slowGateway: random.chance(0.5) ? 1 : random.whole(1, 2000),
    gatewayAway: random.chance(0.7) ? 0 : random.next() * 0.5,
    changes: random.chance(0.5) ? 0 : random.whole(2000, 10_000),
  }
}
