/**
 * When to roll back and when to promote: the same request logs to our verdict and to others' decision functions. `--short` is
 * the statistical regression test; `--markdown FILE` writes every table. All numbers come from one seed.
 */
import { writeFileSync } from 'node:fs'
import { thisMachine } from './harness/machine.ts'
import { type BenchOptions, type BenchResult, type Measure, ratioToBest, type Target } from './harness/result.ts'
import { type Findings, findingsOf } from './verdict/findings.ts'
import { runStudy, type Study, type StudySize, tunings } from './verdict/study.ts'
import { tablesOf } from './verdict/tables.ts'

/** The long form, about ten minutes of one core. */
export const longSize: StudySize = {
  nulls: { ours: 1500, others: 500, kayenta: 100 },
  tuning: { ours: 0, others: 500, kayenta: 100 },
  harm: { ours: 0, others: 300, kayenta: 60 },
  looks: 600,
  endings: 400,
  every: 1,
  seed: 20_261,
}

/** The short form, some seconds: every fifth scenario, fewer releases. */
export const shortSize: StudySize = {
  nulls: { ours: 60, others: 60, kayenta: 10 },
  tuning: { ours: 0, others: 100, kayenta: 10 },
  harm: { ours: 0, others: 30, kayenta: 5 },
  looks: 60,
  endings: 15,
  every: 5,
  seed: 20_261,
}

/** Runs the benchmark. */
export async function run(options: BenchOptions): Promise<BenchResult> {
  const machine = thisMachine()
  const study = runStudy(options.short ? shortSize : longSize, options.say)
  const findings = findingsOf(study)
  if (options.args.markdown !== undefined) writeFileSync(options.args.markdown, tablesOf(study, findings))
  return {
    ...headline(study, findings),
    machine,
    parts: [...partsByTuning(study, findings), promotions(study), cost(study)],
    targets: targetsOf(study, findings, options.short),
    notes: notesOf(study, findings),
  }
}

function headline(study: Study, findings: Findings): Measure {
  const peers = findings.parts.everywhere ?? {}
  return {
    name: 'preventable harm not prevented, every rule within 1 % false rollbacks in every null',
    unit: '% of the requests harmed if never stopped, mean over bad releases',
    better: 'lower',
    ours: 100 * findings.oursPart,
    peers: Object.fromEntries(Object.entries(peers).map(([name, part]) => [name, 100 * part])),
    ratio: ratioToBest(findings.oursPart, peers, 'lower'),
    n: study.harm.length,
  }
}

function partsByTuning(study: Study, findings: Findings): readonly Measure[] {
  return (['same counts', 'informed', 'oracle'] as const).map((tuning) => {
    const peers = findings.parts[tuning] ?? {}
    return {
      name: `the same, others ${tunings[tuning]}`,
      unit: '%',
      better: 'lower',
      ours: 100 * findings.oursPart,
      peers: Object.fromEntries(Object.entries(peers).map(([name, part]) => [name, 100 * part])),
      ratio: ratioToBest(findings.oursPart, peers, 'lower'),
      n: study.harm.length,
    } as const
  })
}

function promotions(study: Study): Measure {
  const worst = Math.max(
    ...study.endings.filter(({ release }) => release.ratio > 1).map(({ endings }) => endings.promoted.rate),
  )
  return {
    name: 'releases twice as bad that were promoted, worst case',
    unit: '%',
    better: 'lower',
    ours: 100 * worst,
    peers: {},
    ratio: null,
    n: study.endings.length,
  }
}

function cost(study: Study): Measure {
  return {
    name: 'cost of a decision (6 metrics)',
    unit: 'µs CPU/batch',
    better: 'lower',
    ours: study.cost.microseconds,
    peers: {},
    ratio: null,
    n: 20_000,
  }
}

function targetsOf(study: Study, findings: Findings, isShort: boolean): readonly Target[] {
  const { worstNull, worstNullBound, worstFalsePromotion, ratios } = findings
  const everywhere = ratios.everywhere?.mean ?? 0
  // Both need the whole set: the short form neither has the releases for the bound nor the nulls that the others must survive.
  const fewer = {
    claim: `harmed requests ≥ 3× fewer than the best of the others, one setting for all (geometric mean ${everywhere.toFixed(1)}×)`,
    met: everywhere >= 3,
  }
  const bound = {
    claim: `false rollbacks: upper 95 % bound ≤ 1.5 % in every null (worst ${percent(worstNullBound.high)}, ${worstNullBound.scenario})`,
    met: worstNullBound.high <= 0.015,
  }
  return [
    {
      claim: `false rollbacks ≤ 1 % in every null (worst ${percent(worstNull.rate)}, ${worstNull.scenario})`,
      met: worstNull.rate <= 0.01,
    },
    ...(isShort ? [] : [bound]),
    {
      claim: `releases twice as bad promoted ≤ 5 % (worst ${percent(worstFalsePromotion.rate)}, ${worstFalsePromotion.name})`,
      met: worstFalsePromotion.rate <= 0.05,
    },
    ...(isShort ? [] : [fewer]),
    { claim: `a decision costs < 50 µs (${study.cost.microseconds.toFixed(1)})`, met: study.cost.microseconds < 50 },
    {
      claim: `replay of stored evidence changes no decision (${study.replayed.decisions} replayed)`,
      met: study.replayed.changed === 0,
    },
  ]
}

function notesOf(study: Study, findings: Findings): readonly string[] {
  return [
    ...(['everywhere', 'same counts', 'informed', 'oracle'] as const).map((tuning) => {
      const { mean = 0, raised = 0, less = 0, of = 0 } = findings.ratios[tuning] ?? {}
      return `others ${tunings[tuning]}: best of them does ${mean.toFixed(2)}× our harm (geometric mean), ${raised.toFixed(2)}× with our α at ${findings.raised.alpha}; ours is less in ${less} of ${of}`
    }),
    `releases simulated: ${study.effort.ours} per null for ours, ${study.effort.others} for others (Kayenta ${study.effort.kayenta}); ours is not tuned: α = 0.01, β = 0.05`,
    `with α = ${findings.raised.alpha} ours still stays within 1 % in every null, and leaves ${(100 * findings.raised.part).toFixed(1)} % of the harm`,
    'two-second batches for ours, one-minute windows for the others; schedule 10 min at 10 %, 10 min at 50 %',
  ]
}

function percent(rate: number): string {
  return `${(100 * rate).toFixed(2)} %`
}
