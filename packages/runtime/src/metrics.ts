/** A number that only grows. */
export interface Counter {
  add(labels?: Readonly<Record<string, string>>, by?: number): void
}

/** A number that is read when asked for. */
export type Gauge = () => number

/** The metrics of one service. */
export interface Metrics {
  counter(name: string, help: string): Counter
  gauge(name: string, help: string, read: Gauge): void
  /** OpenMetrics 1.0 text. */
  text(): string
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const parts = Object.entries(labels).map(
    ([key, value]) => `${key}="${value.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`))}"`,
  )
  return parts.length === 0 ? '' : `{${parts.sort().join(',')}}`
}

/** Makes an empty set of metrics; names follow Prometheus (`decisions`, written as `decisions_total`). */
export function createMetrics(): Metrics {
  const families: (() => string[])[] = []
  return {
    counter(name, help) {
      const values = new Map<string, number>()
      families.push(() => [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} counter`,
        ...[...values].map(([labels, value]) => `${name}_total${labels} ${value}`),
      ])
      return {
        add(labels = {}, by = 1) {
          const key = labelText(labels)
          values.set(key, (values.get(key) ?? 0) + by)
        },
      }
    },
    gauge(name, help, read) {
      families.push(() => [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name} ${read()}`])
    },
    text: () => `${families.flatMap((lines) => lines()).join('\n')}\n# EOF\n`,
  }
}
