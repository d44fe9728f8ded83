import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ControllerClient, connectController, startControllerProcess } from '@seaworthy/engine'
import { connectGateway } from '@seaworthy/gateway'
import { repository, startupFleet } from './fleet.ts'

/** What one start and stop of the fleet took, in ms. */
export interface Startup {
  /** From the spawn of the controller's process until it answers. */
  readonly controller: number
  /** From `apply` until every service is ready and the gateway serves them. */
  readonly ready: number
  readonly down: number
  /** Processes of this state directory that were there before `down`, and that are left after it. */
  readonly before: number
  readonly left: number
}

/** Starts the 29 services through a controller in a process of its own, takes them down, and walks the process table. */
export async function ourStartup(env: Readonly<Record<string, string>> = {}): Promise<Startup> {
  const stateDir = mkdtempSync(join(tmpdir(), 'seaworthy-bench-'))
  const began = performance.now()
  const client = await startControllerProcess({ stateDir, root: repository, environment: 'development' })
  const controller = performance.now() - began
  try {
    const ready = await timed(() => settled(client, env))
    const known = [...processesOf(stateDir), ...(await coordinators(client, stateDir))].map(identityOf)
    const down = await timed(async () => {
      for await (const _ of client.down());
      // The controller ends last.
      while (await connectController(stateDir).catch(() => undefined)) await new Promise((next) => setTimeout(next, 5))
    })
    await new Promise((next) => setTimeout(next, 100))
    const left = new Set(
      [
        ...processesOf(stateDir).map(identityOf),
        ...known.filter((each) => identityOf(each.pid).startTime === each.startTime),
      ].map(({ pid }) => pid),
    )
    return { controller, ready, down, before: known.length, left: left.size }
  } finally {
    for (const pid of processesOf(stateDir)) process.kill(pid, 'SIGKILL')
    rmSync(stateDir, { recursive: true, force: true })
  }
}

async function settled(client: ControllerClient, env: Readonly<Record<string, string>>): Promise<void> {
  const plan = await client.plan(startupFleet(env))
  for await (const event of client.apply(plan)) {
    if (event.kind === 'stuck') throw new Error(`the fleet is stuck: ${event.reasons.join('; ')}`)
  }
}

/** The controller and the gateway's processes, which hide their arguments behind a title. */
async function coordinators(client: ControllerClient, stateDir: string): Promise<readonly number[]> {
  const { pid, workers } = await (await connectGateway(stateDir)).status()
  return [(await client.controller()).pid, pid, ...workers.map((worker) => worker.pid)]
}

/** A process and when it started; a zombie or none at all has started never. */
function identityOf(pid: number): { readonly pid: number; readonly startTime: string } {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? []
    return { pid, startTime: fields[0] === 'Z' ? 'never' : (fields[19] ?? 'never') }
  } catch {
    return { pid, startTime: 'never' }
  }
}

/** Live processes that name the state directory in their arguments or environment. */
function processesOf(stateDir: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        const state = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.[0]
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8') + readFileSync(`/proc/${pid}/environ`, 'utf8')
        return state !== 'Z' && words.includes(stateDir)
      } catch {
        return false
      }
    })
    .map(Number)
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}
