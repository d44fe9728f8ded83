import { type HealthCheck, healthCheck, shellCommand } from '../compose/health.ts'
import { interpolate } from '../compose/interpolate.ts'
import { execForm, type Instruction, keyValues, readInstructions } from './instructions.ts'

/** What an image is like when it runs, as far as its Dockerfile says. */
export interface DockerfileFacts {
  readonly path: string
  /** Image that the stage stands on, stages of this file followed. */
  readonly base: string
  readonly ports: readonly { readonly port: number; readonly protocol: string; readonly line: number }[]
  readonly entrypoint?: readonly string[]
  readonly command?: readonly string[]
  /** Line of the command or the entry point. */
  readonly commandLine?: number
  readonly health?: HealthCheck | 'none'
  readonly healthLine?: number
  readonly user?: string
  readonly userLine?: number
  readonly workdir?: string
  readonly env: ReadonlyMap<string, { readonly value: string; readonly line: number }>
  readonly stopSignal?: string
}

interface Stage {
  readonly name: string
  readonly from: string
  readonly instructions: readonly Instruction[]
}

/** Reads a Dockerfile as its last stage, or `target`, will run; earlier stages count where the stage is built on them. */
export function readDockerfile(
  text: string,
  path: string,
  target?: string,
  args: Readonly<Record<string, string>> = {},
): DockerfileFacts | undefined {
  const stages: Stage[] = []
  const globals = new Map<string, string>()
  for (const instruction of readInstructions(text)) {
    if (instruction.name === 'FROM') {
      const words = instruction.value.split(/\s+/).filter((word) => !word.startsWith('--'))
      const from = interpolate(words[0] ?? '', (name) => args[name] ?? globals.get(name)).text
      stages.push({ name: words[2]?.toLowerCase() ?? String(stages.length), from, instructions: [] })
    } else if (stages.length === 0) {
      if (instruction.name === 'ARG') for (const [key, value] of keyValues(instruction.value)) globals.set(key, value)
    } else {
      const last = stages[stages.length - 1]
      if (last) stages[stages.length - 1] = { ...last, instructions: [...last.instructions, instruction] }
    }
  }
  const wanted = target === undefined ? stages.at(-1) : stages.find((stage) => stage.name === target.toLowerCase())
  if (!wanted) return undefined
  const chain = chainOf(wanted, stages)
  const lines = chain.flatMap((stage) => stage.instructions)
  return { path, base: chain[0]?.from ?? '', ...factsOf(lines, args) }
}

/** The stages that one is built on, itself last. */
function chainOf(stage: Stage, stages: readonly Stage[]): readonly Stage[] {
  const before = stages.slice(0, stages.indexOf(stage))
  const parent = before.find((other) => other.name === stage.from.toLowerCase())
  return parent ? [...chainOf(parent, stages), stage] : [stage]
}

function factsOf(lines: readonly Instruction[], args: Readonly<Record<string, string>>) {
  const env = new Map<string, { value: string; line: number }>()
  const declared = new Map<string, string>()
  const ports: { port: number; protocol: string; line: number }[] = []
  const found: {
    entrypoint?: readonly string[]
    command?: readonly string[]
    commandLine?: number
    health?: HealthCheck | 'none'
    healthLine?: number
    user?: string
    userLine?: number
    workdir?: string
    stopSignal?: string
  } = {}
  const resolved = (value: string): string =>
    interpolate(value, (name) => env.get(name)?.value ?? args[name] ?? declared.get(name)).text

  for (const { name, value, line } of lines) {
    switch (name) {
      case 'ARG':
        for (const [key, text] of value.includes('=') ? keyValues(value) : []) declared.set(key, text)
        break
      case 'ENV':
        for (const [key, text] of keyValues(value)) env.set(key, { value: resolved(text), line })
        break
      case 'EXPOSE':
        for (const word of resolved(value).split(/\s+/)) {
          const match = /^(\d+)(?:-\d+)?(?:\/(\w+))?$/.exec(word)
          if (match) ports.push({ port: Number(match[1]), protocol: match[2]?.toLowerCase() ?? 'tcp', line })
        }
        break
      case 'ENTRYPOINT':
        found.entrypoint = execForm(value) ?? shellCommand(value)
        // An entry point of a later stage or line sets the command of the base image aside.
        delete found.command
        found.commandLine = line
        break
      case 'CMD':
        found.command = execForm(value) ?? shellCommand(value)
        found.commandLine = line
        break
      case 'HEALTHCHECK':
        found.health = readHealth(value)
        found.healthLine = line
        break
      case 'USER':
        found.user = resolved(value)
        found.userLine = line
        break
      case 'WORKDIR': {
        const path = resolved(value)
        found.workdir = path.startsWith('/') ? path : `${found.workdir ?? ''}/${path}`
        break
      }
      case 'STOPSIGNAL':
        found.stopSignal = resolved(value)
        break
      default:
    }
  }
  return { env, ports, ...found }
}

function readHealth(value: string): HealthCheck | 'none' {
  if (/^NONE$/i.test(value)) return 'none'
  const option = (name: string): string | undefined => new RegExp(`--${name}=(\\S+)`).exec(value)?.[1]
  const command = value.replace(/^(--\S+\s+)*/, '').replace(/^CMD\s+/i, '')
  return healthCheck(execForm(command) ?? shellCommand(command), {
    interval: option('interval'),
    timeout: option('timeout'),
    retries: option('retries'),
    startPeriod: option('start-period'),
    startInterval: option('start-interval'),
  })
}
