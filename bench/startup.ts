import { interleave, median } from './harness/interleave.ts'
import { thisMachine } from './harness/machine.ts'
import type { BenchOptions, BenchResult, Measure } from './harness/result.ts'
import { bareStartup } from './startup/bare.ts'
import { ourStartup, type Startup } from './startup/ours.ts'

/** 29 services from nothing to ready: through the controller, its gateway and its limits, beside the same programs spawned bare. */
export async function run(options: BenchOptions): Promise<BenchResult> {
  if (process.platform !== 'linux') throw new Error('this benchmark walks /proc: run it on Linux')
  const machine = thisMachine()
  const rounds = Number(options.args.rounds ?? (options.short ? 1 : 5))
  const seen: Startup[] = []
  const ready = await interleave({
    name: '29 services ready',
    unit: 'ms',
    better: 'lower',
    ours: {
      name: 'ours',
      measure: async () => {
        const startup = await ourStartup()
        seen.push(startup)
        return startup.ready
      },
    },
    peers: [{ name: 'spawned bare, in dependency order', measure: bareStartup }],
    rounds,
    say: options.say,
  })
  options.say('services that ignore SIGTERM')
  const stubborn = await ourStartup({ BUG: 'ignore-term' })
  const all = [...seen, stubborn]
  const left = all.reduce((sum, startup) => sum + startup.left, 0)
  const controller = measure('controller ready, from its spawn', seen, ({ controller }) => controller)
  const ratio = ready.ratio ?? Number.NaN
  return {
    ...ready,
    machine,
    parts: [
      controller,
      measure('down, everything gone', seen, ({ down }) => down),
      measure('down, all services ignoring SIGTERM (grace 500 ms)', [stubborn], ({ down }) => down),
      { ...measure('processes before down', all, ({ before }) => before), unit: 'processes' },
      { ...measure('processes after down', all, (startup) => startup.left), unit: 'processes' },
    ],
    targets: [
      { claim: 'the controller is ready in less than 1 s', met: controller.ours < 1000 },
      { claim: '29 services are ready within 1.2 × of spawning them bare', met: ratio <= 1.2 },
      { claim: `down leaves no process, even of services that ignore SIGTERM (${all.length} fleets)`, met: left === 0 },
    ],
    notes: [
      'Each service is test/fixtures/service.ts in a Node process of its own; ours includes the start of the gateway (holder and two workers), control groups, log files, probes and routes.',
      'Bare: `spawn` as soon as what is needed answers its readiness, asked every 20 ms; nothing else.',
    ],
  }
}

function measure(name: string, startups: readonly Startup[], value: (startup: Startup) => number): Measure {
  const values = startups.map(value)
  return {
    name,
    unit: 'ms',
    better: 'lower',
    ours: median(values),
    peers: {},
    ratio: null,
    n: values.length,
    spread: { ours: [Math.min(...values), Math.max(...values)] },
  }
}
