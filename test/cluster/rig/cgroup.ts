import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** One mounted tree of control groups. */
export interface CgroupTree {
  readonly path: string
  readonly version: 1 | 2
  /** Such as `cpuset`, `memory`; empty for version 2. */
  readonly controllers: readonly string[]
}

// The kubelet refuses a root group without any of these that the machine has (kubernetes, cgroup_v2_manager_linux.go).
const ownControllers = ['cpu', 'cpuset', 'hugetlb', 'io', 'memory', 'pids']

/** The trees of this machine, from /proc/mounts. */
export function cgroupTrees(mounts: string = readFileSync('/proc/mounts', 'utf8')): readonly CgroupTree[] {
  return mounts.split('\n').flatMap((line): CgroupTree[] => {
    const [, path = '', type, options = ''] = line.split(' ')
    if (type === 'cgroup2') return [{ path, version: 2, controllers: [] }]
    return type === 'cgroup' ? [{ path, version: 1, controllers: options.split(',') }] : []
  })
}

/** Makes a group, with a child `daemons` for what is no pod, in every tree. */
export function createCgroup(
  name: string,
  trees: readonly CgroupTree[] = cgroupTrees(),
  set: typeof write = write,
): void {
  for (const tree of trees) {
    if (tree.version === 2) delegate(tree.path, set)
    for (const group of [name, `${name}/daemons`]) {
      const path = join(tree.path, group)
      mkdirSync(path, { recursive: true })
      if (tree.version === 2 && group === name) delegate(path, set)
      // An empty cpuset (version 1) takes no process; a new one starts empty.
      if (!tree.controllers.includes('cpuset')) continue
      for (const file of ['cpuset.cpus', 'cpuset.mems']) {
        writeFileSync(join(path, file), readFileSync(join(path, '..', file), 'utf8'))
      }
    }
  }
}

/** The files to which a process number is written to bring it into a group. */
export function membershipFiles(group: string, trees: readonly CgroupTree[] = cgroupTrees()): readonly string[] {
  return trees.map(({ path }) => join(path, group, 'cgroup.procs'))
}

/** Halts everything in a group and below, or lets it go on: `freezer.state` (version 1) or `cgroup.freeze` (2). */
export function setFrozen(name: string, frozen: boolean, trees: readonly CgroupTree[] = cgroupTrees()): void {
  const freezer = trees.find(({ controllers }) => controllers.includes('freezer'))
  const unified = trees.find(({ version }) => version === 2)
  if (freezer) write(join(freezer.path, name, 'freezer.state'), frozen ? 'FROZEN' : 'THAWED')
  else if (unified) write(join(unified.path, name, 'cgroup.freeze'), frozen ? '1' : '0')
}

/** Process numbers in a group and below. */
export function cgroupMembers(name: string, trees: readonly CgroupTree[] = cgroupTrees()): readonly number[] {
  const members = new Set<number>()
  for (const tree of trees) {
    for (const group of descendants(join(tree.path, name))) {
      const path = join(group, 'cgroup.procs')
      if (existsSync(path))
        for (const pid of readFileSync(path, 'utf8').split('\n').filter(Boolean)) members.add(Number(pid))
    }
  }
  return [...members]
}

/** Removes a group and all below it, deepest first. Returns false while one of them still has a process. */
export function removeCgroup(name: string, trees: readonly CgroupTree[] = cgroupTrees()): boolean {
  let gone = true
  for (const tree of trees) {
    for (const group of descendants(join(tree.path, name))) {
      try {
        rmdirSync(group)
      } catch {
        gone &&= !existsSync(group)
      }
    }
  }
  return gone
}

/** A folder's subfolders before itself. */
function descendants(path: string): string[] {
  if (!existsSync(path)) return []
  const below = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return [...below.flatMap((entry) => descendants(join(path, entry.name))), path]
}

/** Version 2: lets children use the controllers that there are. */
function delegate(path: string, set: typeof write): void {
  const file = join(path, 'cgroup.controllers')
  if (!existsSync(file)) return
  const there = readFileSync(file, 'utf8').trim().split(' ')
  for (const controller of ownControllers.filter((name) => there.includes(name))) {
    set(join(path, 'cgroup.subtree_control'), `+${controller}`)
  }
}

function write(path: string, text: string): void {
  if (existsSync(path)) writeFileSync(path, text)
}
