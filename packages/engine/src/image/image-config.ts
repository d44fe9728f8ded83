import type { Digest } from './digest.ts'

/** Processor architectures, by Go's names, which OCI uses. */
export type Architecture = 'amd64' | 'arm64'

/** What runs in a container of the image. Only what is given is written. */
export interface RunSettings {
  /** `uid` or `uid:gid`; numbers, so that Kubernetes can check `runAsNonRoot`. */
  readonly user?: string
  readonly entrypoint?: readonly string[]
  readonly command?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly workingDirectory?: string
  /** Such as `8080/tcp`. */
  readonly ports?: readonly string[]
  readonly labels?: Readonly<Record<string, string>>
  /** Such as `SIGTERM`. */
  readonly stopSignal?: string
}

/** The image configuration (OCI image specification 1.1, "Image configuration") as canonical bytes. */
export function imageConfig(parts: {
  readonly architecture: Architecture
  readonly created: Date
  readonly run: RunSettings
  readonly layers: readonly { readonly diffId: Digest; readonly note: string }[]
}): string {
  const { run } = parts
  const created = timestamp(parts.created)
  return JSON.stringify({
    architecture: parts.architecture,
    config: {
      ...(run.user && { User: run.user }),
      ...(run.ports?.length && { ExposedPorts: Object.fromEntries([...run.ports].sort().map((port) => [port, {}])) }),
      ...(run.env && { Env: sorted(run.env).map(([name, value]) => `${name}=${value}`) }),
      ...(run.entrypoint && { Entrypoint: run.entrypoint }),
      ...(run.command && { Cmd: run.command }),
      ...(run.workingDirectory && { WorkingDir: run.workingDirectory }),
      ...(run.labels && { Labels: Object.fromEntries(sorted(run.labels)) }),
      ...(run.stopSignal && { StopSignal: run.stopSignal }),
    },
    created,
    history: parts.layers.map(({ note }) => ({ created, created_by: note })),
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: parts.layers.map(({ diffId }) => diffId) },
    ...(parts.architecture === 'arm64' && { variant: 'v8' }),
  })
}

/** RFC 3339 without fractions of a second. */
export function timestamp(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z')
}

function sorted(record: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))
}
