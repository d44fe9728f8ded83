import { chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Job, Service } from '@seaworthy/model'
import { engineProblem } from '../../problem-codes.ts'
import type { InjectedValue } from '../desired/injected-environment.ts'
import { commandWords, findExecutable } from '../process/command.ts'
import { containerCommand, findContainerRuntime } from './container.ts'
import type { Launch } from './launch.ts'
import { type RunAs, runAs } from './run-as.ts'

/** A service or job to be started, and where. */
export interface ProgramRequest {
  readonly program: Service | Job
  /** Catalog path, such as `services.api`. */
  readonly where: string
  /** Id of the replica or run; names its directories. */
  readonly id: string
  /** Directory that the catalog's paths begin at. */
  readonly root: string
  readonly stateDir: string
  readonly environment: Readonly<Record<string, InjectedValue>>
  /** `PORT` and what names the replica; these win over everything. */
  readonly given: Readonly<Record<string, string>>
  readonly address?: string
  readonly secret: (name: string) => Promise<string>
  readonly setpriv?: string
  /** Takes over a program that runs: leaves its directories and secret files as they are. */
  readonly adopting: boolean
  /** Variables of the controller's own environment that programs inherit: `PATH`, `HOME`, the language. */
  readonly inherited: Readonly<Record<string, string>>
}

/** What it takes to start a service or job here. Throws a Problem when something is missing, before anything is started. */
export async function programLaunch(request: ProgramRequest): Promise<Launch> {
  const { program, where, root } = request
  const cwd = resolve(root, program.cwd ?? program.build?.context ?? '.')
  if (!existsSync(cwd)) {
    throw engineProblem({
      code: 'SW4014',
      message: `The working directory ${cwd} does not exist.`,
      where: { path: `${where}.${program.cwd === undefined && program.build ? 'build' : 'cwd'}` },
      hint: `It is relative to the catalog in ${root}. Correct it or make the folder.`,
    })
  }
  const stop = 'stop' in program ? program.stop : undefined
  const common = {
    ...(request.address !== undefined && { address: request.address }),
    stopSignal: stop?.signal ?? ('SIGTERM' as const),
    ...(stop?.command !== undefined && { stopCommand: commandWords(stop.command) }),
  }
  if (program.run === undefined) return { ...common, ...(await containerLaunch(request, cwd)) }
  const words = commandWords(program.run)
  const path = request.inherited.PATH ?? ''
  const file = findExecutable(words[0] ?? '', cwd, path)
  if (file === undefined) {
    throw engineProblem({
      code: 'SW4012',
      message: `The command \`${words[0]}\` of ${program.name} was not found, neither in PATH nor in ${cwd}.`,
      where: { path: `${where}.run` },
      hint: `Install it, or name the program by its path. PATH is ${path}`,
    })
  }
  const user = runAs({ user: program.user, rootAllowed: allows(program, 'root'), reads: [cwd, file], where })
  const home = privateDirectory(request, 'tmp', user)
  const { values, masks, files } = await resolveEnvironment(request, user)
  const env = {
    ...request.inherited,
    TMPDIR: home,
    ...(user.kind === 'user' && { HOME: home, USER: user.user.name }),
    ...values,
    ...request.given,
  }
  return {
    ...common,
    request: {
      file,
      args: words.slice(1),
      cwd,
      env,
      ...(user.kind === 'user' && { user: user.user }),
      ...(request.setpriv && !allows(program, 'privilege-escalation') && { setpriv: request.setpriv }),
    },
    bounds: { cpu: program.cpu, memory: program.memory, pids: program.pids },
    masks,
    ...(user.kind === 'self' &&
      user.why !== undefined && { concession: `${program.name} runs as the controller's user: ${user.why}` }),
    cleanUp: async () => {
      for (const directory of [home, ...files]) rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function containerLaunch(
  request: ProgramRequest,
  cwd: string,
): Promise<Omit<Launch, 'address' | 'stopSignal' | 'stopCommand'>> {
  const { program, where } = request
  if (program.image === undefined) {
    throw engineProblem({
      code: 'SW4013',
      message: `${program.name} has neither \`run\` nor \`image\`: there is nothing to start on a machine.`,
      where: { path: where },
      hint: "Add run: 'node src/main.ts' (or whatever starts it).",
    })
  }
  const path = request.inherited.PATH ?? ''
  const runtime = findContainerRuntime(path)
  if (!runtime) {
    throw engineProblem({
      code: 'SW4034',
      message: `${program.name} has only an image (${program.image}), and neither podman nor docker is in PATH.`,
      where: { path: `${where}.image` },
      hint: 'Install podman (`apt-get install podman`, `brew install podman`) or give the service a `run` command.',
    })
  }
  const { values, masks, files } = await resolveEnvironment(request, { kind: 'self' })
  const command = containerCommand({
    runtime,
    id: request.id,
    image: program.image,
    program,
    env: { ...values, ...request.given },
  })
  return {
    request: { file: runtime, args: command.args, cwd, env: { ...request.inherited, ...command.env } },
    masks,
    cleanUp: async () => {
      await command.remove()
      for (const directory of files) rmSync(directory, { recursive: true, force: true })
    },
  }
}

function allows(program: Service | Job, what: Service['security'][number]['allow']): boolean {
  return program.security.some((exception) => exception.allow === what)
}

/** A directory that only the replica's user can enter. */
function privateDirectory(request: ProgramRequest, kind: 'tmp' | 'secrets', user: RunAs): string {
  const directory = join(request.stateDir, kind, request.id)
  if (request.adopting) return directory
  mkdirSync(join(request.stateDir, kind), { recursive: true, mode: 0o711 })
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  if (user.kind === 'user') chownSync(directory, user.user.uid, user.user.gid)
  return directory
}

async function resolveEnvironment(
  request: ProgramRequest,
  user: RunAs,
): Promise<{
  readonly values: Record<string, string>
  readonly masks: readonly string[]
  readonly files: readonly string[]
}> {
  const values: Record<string, string> = {}
  const masks: string[] = []
  const files: string[] = []
  for (const [name, injected] of Object.entries(request.environment)) {
    switch (injected.kind) {
      case 'plain':
        values[name] = injected.value
        break
      case 'secret':
        values[name] = injected.value
        masks.push(injected.value, ...passwordOf(injected.value))
        break
      case 'use': {
        const value = await request.secret(injected.secret)
        masks.push(value)
        if (injected.as === 'value') values[name] = value
        else {
          const directory = files[0] ?? privateDirectory(request, 'secrets', user)
          if (files.length === 0) files.push(directory)
          const file = join(directory, name)
          if (!request.adopting) {
            writeFileSync(file, value, { mode: 0o400 })
            if (user.kind === 'user') chownSync(file, user.user.uid, user.user.gid)
          }
          values[`${name}_FILE`] = file
        }
        break
      }
      default:
        injected satisfies never
    }
  }
  return { values, masks, files }
}

function passwordOf(url: string): readonly string[] {
  const { password } = URL.parse(url) ?? { password: '' }
  return password ? [decodeURIComponent(password)] : []
}
