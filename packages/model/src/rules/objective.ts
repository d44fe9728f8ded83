import type { Service, Slo } from '../resolved.generated.ts'
import { about, percent, rateAtLeast, rateText, time } from './figures.ts'
import { type Rule, refusal, warning } from './rule.ts'

const hour = 3_600_000
/** Part of the error budget that pages when it is spent within an hour (Beyer et al. 2018, The Site Reliability Workbook, ch. 5). */
const pagedShare = 0.02

/** Rules on what services promise. */
export const objectiveRules: readonly Rule[] = [
  refusal({
    code: 'SW1301',
    title: 'Availability that the traffic cannot show',
    meaning:
      'At the declared traffic one failed request spends enough of the error budget within an hour to page someone. Promise less, or measure over more requests.',
    *check({ having }) {
      for (const { name, slo, traffic } of having.slo) {
        if (!slo?.availability || !traffic || slo.availability === 1 || budgetOf(slo, traffic.rate) < 1) continue
        const hourly = traffic.rate * 3600
        const needed = pageThreshold(slo.window, 1 - slo.availability)
        if (hourly >= needed) continue
        const supported = 1 - pageThreshold(slo.window, hourly)
        yield {
          path: ['services', name, 'slo', 'availability'],
          message: `expected at least ${rateAtLeast(needed / 3600)} for ${percent(slo.availability)} over ${time(slo.window)}, found ${rateText(traffic.rate)}: one failed request would page`,
          hint: `${supported > 0.5 ? `promise ${percent(Math.floor(supported * 1e5) / 1e5)} or less, ` : ''}count over a longer window, or drive synthetic requests up to ${rateAtLeast(needed / 3600)}`,
        }
      }
    },
  }),
  refusal({
    code: 'SW1302',
    title: 'Error budget of less than one request',
    meaning:
      'Over the whole window the declared traffic leaves room for no failed request at all, so the first one breaks the objective.',
    *check({ having }) {
      for (const { name, slo, traffic } of having.slo) {
        if (!slo || !traffic) continue
        const requests = (traffic.rate * slo.window) / 1000
        for (const [key, allowed] of allowances(slo)) {
          if (allowed <= 0 || requests * allowed >= 1) continue
          yield {
            path: ['services', name, 'slo', key],
            message: `expected room for at least 1 failed request in ${time(slo.window)}, found ${percent(allowed)} of ${Math.floor(requests)} requests`,
            hint:
              requests > 1
                ? `allow ${percent(Math.ceil((1 / requests) * 1e4) / 1e4)} or more, or count over ${about((1000 / (allowed * traffic.rate)) * 1.2)}`
                : 'take the objective away, or declare more traffic',
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1303',
    title: 'Objective that allows no failure',
    meaning: 'Nothing is available 100 % of the time; without an error budget no release could ever be made.',
    *check({ fleet, having }) {
      for (const { name, slo } of having.slo) {
        for (const [key, allowed] of allowances(slo)) {
          if (allowed > 0) continue
          yield {
            path: ['services', name, 'slo', key],
            message: `expected room for failures, found ${key === 'availability' ? '100 % availability' : '0 % errors'}`,
            hint: key === 'availability' ? "promise '99.9%' or less" : "allow '0.1%' or more",
          }
        }
      }
      if (fleet.agreement?.availability === 1) {
        yield {
          path: ['agreement', 'availability'],
          message: 'expected room for failures, found 100 % availability',
          hint: "promise '99.5%' or less",
        }
      }
    },
  }),
  refusal({
    code: 'SW1304',
    title: 'Latency objective above the timeout',
    meaning: 'A request that takes longer than the timeout fails, so none can be that slow and succeed.',
    *check({ services }) {
      for (const { name, slo, timeout, rollout } of services) {
        for (const [quantile, bound] of Object.entries(slo?.latency ?? {})) {
          if (bound <= timeout) continue
          yield {
            path: ['services', name, 'slo', 'latency', quantile],
            message: `expected at most ${time(timeout)} (the timeout), found ${quantile} within ${time(bound)}`,
            hint: `set the timeout above ${time(bound)}, or the objective below ${time(timeout)}`,
          }
        }
        for (const [index, bound] of (rollout.verdict.latency ?? []).entries()) {
          if (bound <= timeout) continue
          yield {
            path: ['services', name, 'rollout', 'verdict', 'latency', index],
            message: `expected a bound of at most ${time(timeout)} (the timeout), found ${time(bound)}`,
            hint: `no answer is slower than the timeout; set the bound below ${time(timeout)}`,
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1305',
    title: 'Latency objectives that are no quantiles or contradict each other',
    meaning:
      'Latency is promised by quantile (`p50` to `p99.99`), and a higher quantile cannot have a smaller bound than a lower one.',
    *check({ having }) {
      for (const { name, slo } of having.slo) {
        const known: { readonly key: string; readonly quantile: number; readonly bound: number }[] = []
        for (const [key, bound] of Object.entries(slo?.latency ?? {})) {
          const quantile = /^p[1-9][0-9]?(\.[0-9]{1,3})?$/.test(key) ? Number(key.slice(1)) : undefined
          if (quantile === undefined || bound === 0) {
            yield {
              path: ['services', name, 'slo', 'latency', key],
              message: `expected a quantile such as p95 with a time above zero, found ${key} within ${time(bound)}`,
              hint: "write it as `latency: { p95: '500ms' }`",
            }
          } else known.push({ key, quantile, bound })
        }
        known.sort((a, b) => a.quantile - b.quantile)
        for (const [index, { key, bound }] of known.entries()) {
          const lower = known[index - 1]
          if (!lower || lower.bound <= bound) continue
          yield {
            path: ['services', name, 'slo', 'latency', key],
            message: `expected at least ${time(lower.bound)} (the bound of ${lower.key}), found ${key} within ${time(bound)}`,
            hint: `${key} within ${time(bound)} says that ${lower.key} is too: take ${lower.key} away, or swap the bounds`,
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1306',
    title: 'Agreement stricter than the objectives',
    meaning: 'Customers are promised more than the services are run to, so the agreement breaks before anyone is told.',
    *check({ fleet, having }) {
      const { agreement } = fleet
      if (!agreement) return
      for (const { name, tier, slo } of having.slo) {
        if (tier !== 'core' || slo?.availability === undefined || slo.availability >= agreement.availability) continue
        yield {
          path: ['agreement', 'availability'],
          message: `expected at most ${percent(slo.availability)} (the objective of ${name}), found ${percent(agreement.availability)}`,
          hint: `agree on less than ${percent(slo.availability)}, so that there is room between objective and promise, or raise the objective`,
        }
      }
    },
  }),
  refusal({
    code: 'SW1307',
    title: 'Peak below the ordinary day',
    meaning: 'The busiest moment cannot have less traffic than an ordinary one.',
    *check({ having }) {
      for (const { name, traffic } of having.traffic) {
        if (traffic?.peak === undefined || traffic.peak >= traffic.rate) continue
        yield {
          path: ['services', name, 'traffic', 'peak'],
          message: `expected a peak of at least ${rateText(traffic.rate)} (the ordinary rate), found ${rateText(traffic.peak)}`,
          hint: 'swap `rate` and `peak`',
        }
      }
    },
  }),
  refusal({
    code: 'SW1308',
    title: 'Objective on a GPU that the service does not use',
    meaning: 'A band of GPU use is promised by a service that asks for no GPU.',
    *check({ having }) {
      for (const { name, slo, gpu } of having.slo) {
        if (!slo?.gpu || gpu) continue
        yield {
          path: ['services', name, 'slo', 'gpu'],
          message: 'expected `gpu` on the service beside an objective for it, found none',
          hint: 'add `gpu: 1`, or take the objective away',
        }
      }
    },
  }),
  warning({
    code: 'SW2301',
    title: 'Objective without declared traffic',
    meaning: 'Nobody can say whether the traffic is enough to show the objective, or what a canary would detect.',
    *check({ having }) {
      for (const { name, slo, traffic, protocol } of having.slo) {
        if (!slo || traffic || protocol === 'worker') continue
        if (slo.availability === undefined && slo.errors === undefined) continue
        yield {
          path: ['services', name, 'traffic'],
          message: 'expected `traffic` beside an objective, found none',
          hint: "add `traffic: { rate: '5/s' }` with what an ordinary day brings",
        }
      }
    },
  }),
  warning({
    code: 'SW2302',
    title: 'Promises more than what it needs',
    meaning:
      'A service cannot be more available than something that it cannot do without (Treynor et al. 2017, The Calculus of Service Availability).',
    *check({ fleet, having }) {
      for (const { name, slo, needs } of having.slo) {
        if (slo?.availability === undefined) continue
        for (const [index, { on, optional }] of needs.entries()) {
          const theirs = on.kind === 'service' ? fleet.services[on.name]?.slo?.availability : undefined
          if (optional || theirs === undefined || theirs >= slo.availability) continue
          yield {
            path: ['services', name, 'needs', index],
            message: `expected \`${on.name}\` to promise at least ${percent(slo.availability)}, found ${percent(theirs)}`,
            hint: `promise ${percent(theirs)} here, raise the objective of ${on.name}, or live without it: \`optional: true\``,
          }
        }
      }
    },
  }),
  warning({
    code: 'SW2303',
    title: 'Request objective on a worker',
    meaning: 'The gateway sees no requests of a worker, so nothing counts its availability or latency.',
    *check({ having }) {
      for (const { name, slo, protocol } of having.worker) {
        if (!slo || protocol !== 'worker') continue
        const latency = Object.keys(slo.latency)[0]
        const key = slo.availability !== undefined ? 'availability' : slo.errors !== undefined ? 'errors' : latency
        if (key === undefined) continue
        yield {
          path: ['services', name, 'slo', ...(key === latency ? ['latency', key] : [key])],
          message: `expected an objective that a worker has (queueAge, custom), found ${key}`,
          hint: "promise `queueAge: '5m'`, or a share of its own good events under `custom`",
        }
      }
    },
  }),
  warning({
    code: 'SW2304',
    title: 'Objective that ordinary traffic already breaks',
    meaning: 'The share of failures declared as normal is above what the objective allows.',
    *check({ having }) {
      for (const { name, slo, traffic } of having.slo) {
        if (!slo || !traffic) continue
        const allowed = Math.min(1 - (slo.availability ?? 0), slo.errors ?? 1)
        if (traffic.errors <= allowed + 1e-12) continue
        const [tightest] = allowances(slo).sort((a, b) => a[1] - b[1])
        if (!tightest) continue
        yield {
          path: ['services', name, 'traffic', 'errors'],
          message: `expected at most ${percent(tightest[1])} failures on an ordinary day (${tightest[0]}), found ${percent(traffic.errors)}`,
          hint: `state \`errors: '${percent(tightest[1] / 2)}'\` if that is what is seen, or promise less`,
        }
      }
    },
  }),
  warning({
    code: 'SW2305',
    title: 'Throughput objective below the declared peak',
    meaning: 'The service is expected to see more requests than it promises to bear.',
    *check({ having }) {
      for (const { name, slo, traffic } of having.slo) {
        const peak = traffic?.peak ?? traffic?.rate
        if (slo?.throughput === undefined || peak === undefined || slo.throughput >= peak) continue
        yield {
          path: ['services', name, 'slo', 'throughput'],
          message: `expected at least ${rateText(peak)} (the peak), found ${rateText(slo.throughput)}`,
          hint: `promise \`throughput: '${rateAtLeast(peak)}'\`, or correct the traffic`,
        }
      }
    },
  }),
]

/** Requests in an hour below which one failure spends the paged share of the budget: 1 / (factor · allowed share). */
function pageThreshold(window: number, allowed: number): number {
  const factor = (pagedShare * window) / hour
  return 1 / (factor * allowed)
}

/** Failed requests that the window has room for. */
function budgetOf(slo: Slo, rate: number): number {
  return ((rate * slo.window) / 1000) * (1 - (slo.availability ?? 1))
}

/** Shares of failed requests that are allowed, 0..1, by field. */
function allowances(slo: Service['slo']): (readonly ['availability' | 'errors', number])[] {
  const found: (readonly ['availability' | 'errors', number])[] = []
  if (slo?.availability !== undefined) found.push(['availability', Number((1 - slo.availability).toFixed(12))])
  if (slo?.errors !== undefined) found.push(['errors', slo.errors])
  return found
}
