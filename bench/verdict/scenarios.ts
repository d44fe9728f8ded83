import { abusiveClient, brokenSessions, replicaBursts, unequalClients } from './disturbances.ts'
import { lognormalShape, withHang, withTail } from './latency.ts'
import { latent, plain, type Scenario } from './scenario.ts'

const during =
  (from: number, to: number, inside: number, outside: number) =>
  (second: number): number =>
    second >= from && second < to ? inside : outside

/** Releases in which the canary is no worse: rolling one back is false. */
export function nullScenarios(): readonly Scenario[] {
  const grid = [0.0001, 0.001, 0.005, 0.02].flatMap((errorRate) =>
    [1, 10, 100, 1000].map((rps) => plain(`null ${errorRate * 100} % at ${rps}/s`, { rps, errorRate })),
  )
  const usual = lognormalShape()
  const incident = during(300, 480, 0.055, 0.005)
  const wave = (second: number): number => 55 - 45 * Math.cos((2 * Math.PI * second) / 600)
  return [
    ...grid,
    ...[10, 100].map((rps) =>
      plain(`shared incident at ${rps}/s`, { rps, errorRate: 0.005 }, { baseline: incident, canary: incident }),
    ),
    plain(
      'errors in clumps of 5',
      { rps: 10, errorRate: 0 },
      { isSticky: true, disturb: brokenSessions(0.01, 5), nominal: { requestsPerSecond: 10, errorRate: 0.005 } },
    ),
    plain(
      'errors in clumps of 20',
      { rps: 10, errorRate: 0 },
      { isSticky: true, disturb: brokenSessions(0.0025, 20), nominal: { requestsPerSecond: 10, errorRate: 0.005 } },
    ),
    plain(
      'bursts of 10 from one replica',
      { rps: 10, errorRate: 0.002 },
      { disturb: replicaBursts(0.003, 10), nominal: { requestsPerSecond: 10, errorRate: 0.005 } },
    ),
    plain('traffic in waves', { rps: 10, errorRate: 0.005 }, { rate: wave }),
    plain(
      'unequal sticky clients',
      { rps: 0, errorRate: 0 },
      { isSticky: true, disturb: unequalClients(300, 10, 0.005), nominal: { requestsPerSecond: 10, errorRate: 0.005 } },
    ),
    plain('one abusive sticky client', { rps: 10, errorRate: 0.005 }, { isSticky: true, disturb: abusiveClient(2) }),
    plain('counters unreadable for 3 minutes', { rps: 10, errorRate: 0.005 }, { blind: [240, 420] }),
    latent('cold start: 4 times slower for 25 s', 10, (second) => (second < 25 ? lognormalShape(4) : usual)),
    latent('shared slowdown ×2.5', 10, () => usual, {
      latency: {
        baseline: (second) => (second >= 300 && second < 480 ? lognormalShape(2.5) : usual),
        canary: (second) => (second >= 300 && second < 480 ? lognormalShape(2.5) : usual),
      },
    }),
    latent('null with latency at 100/s', 100, () => usual),
  ]
}

/** Releases in which the canary is worse: not rolling one back, or late, harms. */
export function regressionScenarios(): readonly Scenario[] {
  const worse = (errorRate: number, rps: number, ratios: readonly number[]): readonly Scenario[] =>
    ratios.map((ratio) =>
      plain(`${ratio}× of ${Number((errorRate * 100).toPrecision(2))} % at ${rps}/s`, { rps, errorRate, ratio }),
    )
  const usual = lognormalShape()
  const incident = during(300, 480, 0.055, 0.005)
  return [
    ...worse(0.0001, 1000, [2, 4, 10]),
    ...worse(0.001, 100, [4, 10, 20]),
    ...worse(0.001, 10, [10, 20]),
    ...worse(0.005, 1000, [1.2, 1.5, 2, 4]),
    ...worse(0.005, 100, [1.2, 1.5, 2, 4, 10, 20]),
    ...worse(0.005, 10, [2, 4, 10, 20]),
    ...worse(0.005, 1, [4, 10, 20]),
    ...worse(0.02, 100, [1.5, 2, 4]),
    ...worse(0.02, 10, [2, 4, 10]),
    plain('one bad route: 5 % of requests, 30 % of them fail', { rps: 10, errorRate: 0.005, ratio: 4 }),
    plain(
      'bug that begins at minute 8 (4×)',
      { rps: 100, errorRate: 0.005 },
      { canary: during(480, 1200, 0.02, 0.005) },
    ),
    plain(
      'slow leak: 1× to 10× over 20 min',
      { rps: 100, errorRate: 0.005 },
      { canary: (second) => 0.005 * (1 + (9 * second) / 1200) },
    ),
    plain(
      '4× during a shared incident',
      { rps: 100, errorRate: 0.005 },
      { baseline: incident, canary: (second) => 4 * incident(second) },
    ),
    plain('10× with counters unreadable for 3 minutes', { rps: 10, errorRate: 0.005, ratio: 10 }, { blind: [60, 240] }),
    latent('everything 1.3 times slower', 10, () => lognormalShape(1.3)),
    latent('everything 2 times slower', 10, () => lognormalShape(2)),
    latent('3 % of requests 1 s slower', 10, () => withTail(usual, 0.03)),
    latent('3 % of requests 1 s slower at 100/s', 100, () => withTail(usual, 0.03)),
    latent('10 % of requests hang', 10, () => withHang(usual, 0.1)),
  ]
}
