import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Limitation } from '../../contract-state.ts'
import { type Bounds, type Fence, type Limits, noLimits } from './limits.ts'

/** A controller of Linux' control groups and the directory that ours are made in. */
type Hierarchy = Readonly<Partial<Record<'cpu' | 'memory' | 'pids', string>>>

/** Period of CPU bandwidth control, µs. */
const periodUs = 100_000

/**
 * Limits of this system: control groups v2 or v1 where they may be written, nothing elsewhere. `scope` names the
 * directory that holds the fences of one state directory.
 */
export function systemLimits(scope: string, platform: string = process.platform, root = '/sys/fs/cgroup'): Limits {
  if (platform !== 'linux') {
    return noLimits(`${platform} has no control groups`, 'Run on Linux where limits must hold.')
  }
  const version2 = existsSync(join(root, 'cgroup.controllers'))
  const found = version2 ? hierarchyV2(root, scope) : hierarchyV1(root, scope)
  if (typeof found === 'string') {
    return noLimits(found, 'Run the controller as root or under `systemd-run --user -p Delegate=yes`.')
  }
  const limitations = (['cpu', 'memory', 'pids'] as const)
    .filter((controller) => found[controller] === undefined)
    .map(
      (controller): Limitation => ({
        what: `${controller === 'pids' ? 'process' : controller === 'cpu' ? 'CPU' : 'memory'} limits`,
        why: `the ${controller} controller of cgroup v${version2 ? 2 : 1} is not available here`,
        hint: 'Enable it in the kernel or delegate it to this user.',
      }),
    )
  const names = new Set<string>()
  const weigh = (): void => weighFleet(found.cpu, names.size, version2)
  return {
    limitations,
    fence: (name, bounds) => {
      const fence = makeFence(found, name, bounds, version2)
      names.add(name)
      weigh()
      const remove = (): boolean => {
        const gone = fence.remove()
        if (gone && names.delete(name)) weigh()
        return gone
      }
      return { ...fence, remove }
    },
  }
}

/** All replicas together weigh as much as if each were a program of its own; a group would weigh as much as a single one otherwise. */
function weighFleet(directory: string | undefined, fences: number, version2: boolean): void {
  if (directory === undefined) return
  if (version2) write(join(directory, 'cpu.weight'), String(Math.min(10_000, 100 * Math.max(1, fences))))
  else write(join(directory, 'cpu.shares'), String(Math.min(262_144, 1024 * Math.max(1, fences))))
}

function hierarchyV1(root: string, scope: string): Hierarchy | string {
  const own = ownPaths()
  const found: Partial<Record<'cpu' | 'memory' | 'pids', string>> = {}
  for (const controller of ['cpu', 'memory', 'pids'] as const) {
    const mount = [join(root, controller), join(root, 'cpu,cpuacct')].find(
      (path) => path.includes(controller) && existsSync(join(path, 'cgroup.procs')),
    )
    if (!mount) continue
    const parent = [join(mount, own.get(controller) ?? '/'), mount].find(isWritable)
    if (parent && makeDirectory(join(parent, scope))) found[controller] = join(parent, scope)
  }
  return Object.keys(found).length > 0 ? found : 'no cgroup v1 controller may be written here'
}

function hierarchyV2(root: string, scope: string): Hierarchy | string {
  const own = join(root, ownPaths().get('') ?? '/')
  // A group with processes in it may not hand controllers on, save the root: fences go beside ours, not below it.
  const parent = [own, join(own, '..'), root].find(
    (path) => path.startsWith(root) && isWritable(path) && handOn(path) && makeDirectory(join(path, scope)),
  )
  if (!parent) return 'no cgroup v2 directory may be written here'
  const directory = join(parent, scope)
  handOn(directory)
  const has = readFileSync(join(directory, 'cgroup.controllers'), 'utf8').trim().split(' ')
  const found: Partial<Record<'cpu' | 'memory' | 'pids', string>> = {}
  for (const controller of ['cpu', 'memory', 'pids'] as const)
    if (has.includes(controller)) found[controller] = directory
  return Object.keys(found).length > 0 ? found : 'cgroup v2 controllers are not delegated to this user'
}

function handOn(directory: string): boolean {
  const available = readFileSync(join(directory, 'cgroup.controllers'), 'utf8').trim().split(' ').filter(Boolean)
  const wanted = available.filter((name) => ['cpu', 'memory', 'pids'].includes(name))
  return (
    wanted.length > 0 && write(join(directory, 'cgroup.subtree_control'), wanted.map((name) => `+${name}`).join(' '))
  )
}

/** Our own group by controller (v1), and under '' (v2). */
function ownPaths(): ReadonlyMap<string, string> {
  const paths = new Map<string, string>()
  for (const line of readFileSync('/proc/self/cgroup', 'utf8').split('\n')) {
    const [, controllers = '', path = '/'] = line.split(':')
    for (const controller of controllers.split(',')) paths.set(controller, path)
  }
  return paths
}

function makeFence(hierarchy: Hierarchy, name: string, bounds: Bounds, version2: boolean): Fence {
  const directories = Object.fromEntries(
    Object.entries(hierarchy).map(([controller, directory]) => [controller, join(directory, name)]),
  ) as Hierarchy
  const all = [...new Set(Object.values(directories))]
  for (const directory of all) mkdirSync(directory, { recursive: true })
  const { cpu, memory, pids } = directories
  const quotaUs = Math.max(1000, Math.round(bounds.cpu * periodUs))
  if (memory) {
    writeFileSync(join(memory, version2 ? 'memory.max' : 'memory.limit_in_bytes'), String(bounds.memory))
    if (version2) {
      write(join(memory, 'memory.swap.max'), '0')
      write(join(memory, 'memory.oom.group'), '1')
    } else write(join(memory, 'memory.memsw.limit_in_bytes'), String(bounds.memory))
  }
  if (pids) writeFileSync(join(pids, 'pids.max'), String(bounds.pids))
  if (cpu) {
    // Weight at once: a share of what is contended. An earlier launch may have left its quota.
    if (version2) {
      write(join(cpu, 'cpu.weight'), String(Math.min(10_000, Math.max(1, Math.round(bounds.cpu * 100)))))
      write(join(cpu, 'cpu.max'), `max ${periodUs}`)
    } else {
      write(join(cpu, 'cpu.shares'), String(Math.max(2, Math.round(bounds.cpu * 1024))))
      write(join(cpu, 'cpu.cfs_quota_us'), '-1')
    }
  }
  return {
    joins: all.map((directory) => join(directory, 'cgroup.procs')),
    memoryKills: () =>
      memory ? readCount(join(memory, version2 ? 'memory.events' : 'memory.oom_control'), 'oom_kill') : 0,
    members: () => (all[0] ? readNumbers(join(all[0], 'cgroup.procs')) : []),
    boundCpu: () => {
      if (!cpu) return
      if (version2) write(join(cpu, 'cpu.max'), `${quotaUs} ${periodUs}`)
      else {
        write(join(cpu, 'cpu.cfs_period_us'), String(periodUs))
        write(join(cpu, 'cpu.cfs_quota_us'), String(quotaUs))
      }
    },
    remove: () => all.map(removeDirectory).every(Boolean),
  }
}

function readCount(file: string, key: string): number {
  try {
    return Number(new RegExp(`^${key} (\\d+)`, 'm').exec(readFileSync(file, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

function readNumbers(file: string): readonly number[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK)
    return true
  } catch {
    return false
  }
}

function makeDirectory(directory: string): boolean {
  try {
    mkdirSync(directory, { recursive: true })
    return true
  } catch {
    return false
  }
}

function removeDirectory(directory: string): boolean {
  try {
    rmdirSync(directory)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
  }
}

function write(file: string, text: string): boolean {
  try {
    writeFileSync(file, text)
    return true
  } catch {
    return false
  }
}
