import type { PathStep } from '../catalog-path.ts'
import type { Approval } from '../resolved.generated.ts'
import type { Context } from './context.ts'
import { count, names, percent, time } from './figures.ts'
import { type Rule, refusal, warning } from './rule.ts'

/** Rules on what surrounds a release: migrations, approvals, tests, freezes. */
export const releaseRules: readonly Rule[] = [
  refusal({
    code: 'SW1410',
    title: 'Rollback past an irreversible migration',
    meaning:
      'The release promises to go back, but a migration that cannot be undone runs before its first replica. Split it in two (expand now, contract later), or hold instead of rolling back.',
    *check({ fleet, having }) {
      for (const { name, migrations, rollout } of having.migrations) {
        if (rollout.onHarm !== 'rollback') continue
        for (const [index, job] of migrations.before.entries()) {
          if (!fleet.jobs[job]?.irreversible) continue
          const back =
            rollout.strategy === 'blue-green'
              ? `blue-green that stays warm for ${time(rollout.keepWarm)}`
              : rollout.strategy
          yield {
            path: ['services', name, 'migrations', 'before', index],
            message: `expected migrations that can be undone before a release that rolls back (${back}), found \`${job}\`, which is irreversible`,
            hint: `move ${job} to \`migrations.after\`, when the previous version is gone, or set \`onHarm: 'hold'\``,
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1411',
    title: 'Scheduled job as a migration',
    meaning: 'A job with a schedule runs by the clock, not when a release asks for it, so it cannot gate one.',
    *check({ fleet, having }) {
      for (const { name, migrations } of having.migrations) {
        for (const key of ['before', 'after'] as const) {
          for (const [index, job] of migrations[key].entries()) {
            const schedule = fleet.jobs[job]?.schedule
            if (schedule === undefined) continue
            yield {
              path: ['services', name, 'migrations', key, index],
              message: `expected a job without a schedule, found \`${job}\` (${schedule})`,
              hint: `take \`schedule\` away from ${job}, or make a second job of it`,
            }
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1412',
    title: 'Approval that nobody can complete',
    meaning: 'More people must say yes than may, or there is no time to.',
    *check(context) {
      for (const { approval, path } of approvalsOf(context)) {
        const people = new Set(approval.by).size
        if (approval.count > people) {
          yield {
            path: [...path, 'count'],
            message: `expected at most ${people} (${names(approval.by) || 'nobody is named'}), found ${approval.count}`,
            hint: `set count to ${Math.max(1, people)}, or name ${count(approval.count - people, 'more person', 'more people')}`,
          }
        }
        if (approval.timeout === 0) {
          yield {
            path: [...path, 'timeout'],
            message: 'expected time for the approval, found 0s',
            hint: "set `timeout: '24h'`",
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1413',
    title: 'Smoke test that asks nothing, or two things',
    meaning: 'A smoke test is one HTTP request or one command.',
    *check({ having }) {
      for (const { name, rollout, protocol } of having.smoke) {
        for (const [index, test] of rollout.smoke.entries()) {
          const path = ['services', name, 'rollout', 'smoke', index]
          if ((test.http === undefined) === (test.run === undefined)) {
            yield {
              path,
              message: `expected exactly one of \`http\` and \`run\`, found ${test.http === undefined ? 'neither' : 'both'}`,
              hint: "write `{ http: '/health' }`, or `{ run: 'node smoke.ts' }`",
            }
          } else if (test.http !== undefined && (protocol === 'worker' || protocol === 'tcp')) {
            yield {
              path: [...path, 'http'],
              message: `expected a service that speaks HTTP, found ${protocol}`,
              hint: 'use `run` with a command that exits 0',
            }
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1414',
    title: 'Freezes that leave no time for a release',
    meaning: 'Taken together the freeze windows cover the whole year, so nothing could ever be released here.',
    *check({ environment, calendar }) {
      if (environment.freezes.length === 0) return
      const share = calendar.share(environment.freezes)
      if (share < 1) return
      yield {
        path: ['environments', environment.name, 'freezes'],
        message: 'expected some time outside of the freezes, found none in the next 364 days',
        hint: `shorten ${names(environment.freezes.map(({ reason }) => `"${reason}"`))}`,
      }
    },
  }),
  warning({
    code: 'SW2410',
    title: 'Freezes that leave little time for a release',
    meaning: 'Releases may be made in less than a tenth of the time; changes pile up, and each release grows riskier.',
    *check({ environment, calendar }) {
      if (environment.freezes.length === 0) return
      const share = calendar.share(environment.freezes)
      if (share < 0.9 || share >= 1) return
      yield {
        path: ['environments', environment.name, 'freezes'],
        message: `expected at least 10% of the time outside of the freezes, found ${percent(Number((1 - share).toFixed(3)))}`,
        hint: 'shorten them, or let an approval stand in for some',
      }
    },
  }),
  warning({
    code: 'SW2411',
    title: 'Blue-green that keeps nothing warm',
    meaning: 'With `keepWarm` at zero the previous version is gone at once, so going back means starting it again.',
    *check({ having }) {
      for (const { name, rollout } of having.blueGreen) {
        if (rollout.strategy !== 'blue-green' || rollout.keepWarm > 0) continue
        yield {
          path: ['services', name, 'rollout', 'keepWarm'],
          message: 'expected the previous version to stay ready for a while, found 0s',
          hint: "set `keepWarm: '10m'`",
        }
      }
    },
  }),
  warning({
    code: 'SW2412',
    title: 'Shadow traffic without a route for it',
    meaning:
      'Only requests of routes with `shadow: true` are mirrored, and the service has none, or the share is zero.',
    *check({ having }) {
      for (const { name, rollout, routes } of having.shadow) {
        const { shadow } = rollout
        if (!shadow || (shadow.share > 0 && routes.some((route) => route.shadow))) continue
        yield {
          path: ['services', name, 'rollout', 'shadow', ...(shadow.share === 0 ? ['share'] : [])],
          message:
            shadow.share === 0
              ? 'expected a share above 0 %, found 0 %'
              : 'expected a route with `shadow: true`, found none',
          hint: 'mark the routes whose requests may safely be sent twice',
        }
      }
    },
  }),
]

interface PlacedApproval {
  readonly approval: Approval
  readonly path: readonly PathStep[]
}

function* approvalsOf({ having, environment }: Context): Iterable<PlacedApproval> {
  for (const { name, approvals } of having.approvals) {
    for (const [index, approval] of approvals.entries()) {
      yield { approval, path: ['services', name, 'approvals', index] }
    }
  }
  for (const [index, approval] of environment.approvals.entries()) {
    yield { approval, path: ['environments', environment.name, 'approvals', index] }
  }
}
