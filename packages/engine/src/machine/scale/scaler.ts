import { stableOf, unitId } from '../desired/desired.ts'
import type { EngineParts } from '../engine/engine-parts.ts'
import { type LoadSample, noHistory, recommend, type ScaleHistory } from './recommend.ts'

/** Moves the number of replicas of services that have a moving one. */
export class Scaler {
  readonly #parts: EngineParts
  readonly #apply: (service: string, replicas: number) => void
  readonly #histories = new Map<string, ScaleHistory>()

  constructor(parts: EngineParts, apply: (service: string, replicas: number) => void) {
    this.#parts = parts
    this.#apply = apply
  }

  /** Looks at what was measured last and moves what should move. A service with several versions is a release's to scale. */
  async look(): Promise<void> {
    const { desired, publisher, link, clock } = this.#parts
    const services = Object.values(desired.current?.services ?? {}).filter(
      (service) => stableOf(service).spec.scale && Object.keys(service.versions).length === 1,
    )
    if (desired.stopped || services.length === 0) return
    const wantsFlight = services.some((service) => stableOf(service).spec.scale?.inFlight !== undefined)
    const pages = wantsFlight && publisher.isOpen ? await link.counters() : []
    for (const service of services) {
      const stable = stableOf(service)
      const { scale } = stable.spec
      if (!scale) continue
      const inFlight = pages
        .flatMap((page) => page.rows)
        .filter((row) => row.service === service.service && row.version === stable.version)
        .reduce((sum, row) => sum + row.inFlight, 0)
      const sample = this.#sample(
        unitId(service.service, stable.version),
        stable.spec,
        wantsFlight ? inFlight : undefined,
      )
      const history = this.#histories.get(service.service) ?? noHistory
      const next = recommend(scale, stable.replicas, sample, history, clock.wall())
      this.#histories.set(service.service, next.history)
      if (next.replicas !== stable.replicas) this.#apply(service.service, next.replicas)
    }
  }

  #sample(
    unit: string,
    spec: { readonly cpu: number; readonly memory: number },
    inFlight: number | undefined,
  ): LoadSample | undefined {
    const { driver, usage } = this.#parts
    const ready = driver.running().filter(({ replica }) => replica.unit === unit && replica.state.phase === 'ready')
    if (ready.length === 0) return undefined
    const measured = ready.map(({ process }) => usage.of(process.pid)).filter((each) => each !== undefined)
    const mean = (value: (each: { readonly cpu: number; readonly memory: number }) => number): number =>
      measured.reduce((sum, each) => sum + value(each), 0) / measured.length
    return {
      ...(measured.length > 0 && {
        cpu: mean(({ cpu }) => cpu) / spec.cpu,
        memory: mean(({ memory }) => memory) / spec.memory,
      }),
      ...(inFlight !== undefined && { inFlight: inFlight / ready.length }),
    }
  }
}
