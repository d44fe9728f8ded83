import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CgroupTree, cgroupTrees, createCgroup, setFrozen } from './cgroup.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'seaworthy-cgroup-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

// Folders in place of the kernel's: they show what is written, not what the kernel makes of it.
describe('control groups', () => {
  it('are found in both versions, side by side too', () => {
    const mounts =
      'cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0\ncgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\nproc /proc proc rw 0 0\n'
    expect(cgroupTrees(mounts)).toEqual([
      { path: '/sys/fs/cgroup/cpu,cpuacct', version: 1, controllers: ['rw', 'cpu', 'cpuacct'] },
      { path: '/sys/fs/cgroup/unified', version: 2, controllers: [] },
    ])
  })

  it('of version 1 get the processors and memory of their parent', () => {
    const tree: CgroupTree = { path: folder, version: 1, controllers: ['cpuset'] }
    writeFileSync(join(folder, 'cpuset.cpus'), '0-1')
    writeFileSync(join(folder, 'cpuset.mems'), '0')
    createCgroup('node', [tree])
    expect(readFileSync(join(folder, 'node/daemons/cpuset.cpus'), 'utf8')).toBe('0-1')
  })

  it('of version 2 get every controller that a kubelet asks for and the machine has', () => {
    mkdirSync(join(folder, 'node'))
    for (const path of [folder, join(folder, 'node')]) {
      writeFileSync(join(path, 'cgroup.controllers'), 'cpu memory hugetlb rdma\n')
      writeFileSync(join(path, 'cgroup.subtree_control'), '')
    }
    const written: string[] = []
    createCgroup('node', [{ path: folder, version: 2, controllers: [] }], (path, text) =>
      written.push(`${path.slice(folder.length)} ${text}`),
    )
    expect(written).toEqual(
      ['/', '/node/'].flatMap((at) =>
        ['cpu', 'hugetlb', 'memory'].map((name) => `${at}cgroup.subtree_control +${name}`),
      ),
    )
    expect(existsSync(join(folder, 'node/daemons'))).toBe(true)
  })

  it('stand still through the freezer, or through cgroup.freeze where there is none', () => {
    mkdirSync(join(folder, 'node'))
    for (const name of ['freezer.state', 'cgroup.freeze']) writeFileSync(join(folder, 'node', name), '')
    setFrozen('node', true, [{ path: folder, version: 1, controllers: ['freezer'] }])
    setFrozen('node', true, [{ path: folder, version: 2, controllers: [] }])
    expect(['freezer.state', 'cgroup.freeze'].map((name) => readFileSync(join(folder, 'node', name), 'utf8'))).toEqual([
      'FROZEN',
      '1',
    ])
  })
})
