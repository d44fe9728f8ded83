import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import type { ProcessIdentity } from '../../supervisor/replica-state.ts'

/** One process as the kernel shows it. */
export interface ProcessEntry extends ProcessIdentity {
  readonly parent: number
  readonly group: number
  /** Ended, but not yet collected by its parent: it holds no memory, port or file. */
  readonly zombie: boolean
  /** Stopped by a signal. */
  readonly stopped: boolean
  /** ms of CPU used so far. */
  readonly cpuMs: number
  /** Bytes of resident memory. */
  readonly memory: number
}

/** The processes of this machine. */
export interface ProcessTable {
  readonly find: (pid: number) => ProcessEntry | undefined
  readonly all: () => readonly ProcessEntry[]
  /** Value of an environment variable that a process was started with; undefined where that cannot be seen. */
  readonly environment: (pid: number, name: string) => string | undefined
}

/** The process table of this system: `/proc` on Linux, `ps` elsewhere. */
export function systemProcessTable(platform: string = process.platform): ProcessTable {
  return platform === 'linux' ? procTable() : psTable()
}

/** Kernel ticks per second and bytes per page: fixed in Linux' interface on every 64-bit platform that Node supports. */
const ticksPerSecond = 100

function procTable(root = '/proc'): ProcessTable {
  const find = (pid: number): ProcessEntry | undefined => {
    try {
      return parseStat(readFileSync(`${root}/${pid}/stat`, 'latin1'))
    } catch {
      return undefined
    }
  }
  return {
    find,
    all: () =>
      readdirSync(root)
        .filter((name) => /^\d+$/.test(name))
        .map((name) => find(Number(name)))
        .filter((entry) => entry !== undefined),
    environment: (pid, name) => {
      try {
        const prefix = `${name}=`
        return readFileSync(`${root}/${pid}/environ`, 'utf8')
          .split('\0')
          .find((pair) => pair.startsWith(prefix))
          ?.slice(prefix.length)
      } catch {
        return undefined
      }
    },
  }
}

/** Reads a line of `/proc/<pid>/stat` (proc_pid_stat(5)); the name may hold spaces and parentheses. */
export function parseStat(text: string): ProcessEntry | undefined {
  const open = text.indexOf('(')
  const close = text.lastIndexOf(')')
  if (open < 0 || close < 0) return undefined
  const rest = text.slice(close + 2).split(' ')
  const field = (number: number): string => rest[number - 3] ?? '0'
  const state = field(3)
  return {
    pid: Number(text.slice(0, open)),
    parent: Number(field(4)),
    group: Number(field(5)),
    zombie: state === 'Z' || state === 'X',
    stopped: state === 'T',
    cpuMs: ((Number(field(14)) + Number(field(15))) * 1000) / ticksPerSecond,
    startTime: field(22),
    memory: Number(field(24)) * 4096,
  }
}

function psTable(): ProcessTable {
  const list = (args: readonly string[]): readonly ProcessEntry[] => {
    try {
      const columns = 'pid=,ppid=,pgid=,state=,rss=,time=,lstart='
      return execFileSync('ps', [...args, '-o', columns], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
        .split('\n')
        .map(parsePs)
        .filter((entry) => entry !== undefined)
    } catch {
      return []
    }
  }
  return {
    find: (pid) => list(['-p', String(pid)])[0],
    all: () => list(['-A']),
    environment: (pid, name) => {
      try {
        const text = execFileSync('ps', ['-E', '-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
        return new RegExp(`(?:^| )${name}=(\\S*)`).exec(text)?.[1]
      } catch {
        return undefined
      }
    },
  }
}

/** Reads a line of `ps -o pid=,ppid=,pgid=,state=,rss=,time=,lstart=`. */
export function parsePs(line: string): ProcessEntry | undefined {
  const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\d+)\s+([\d:.-]+)\s+(.+?)\s*$/.exec(line)
  if (!match) return undefined
  const [, pid, parent, group, state = '', memory, time = '', startTime = ''] = match
  const seconds = time
    .replace('-', ':')
    .split(':')
    .reduce((sum, part) => sum * 60 + Number(part), 0)
  return {
    pid: Number(pid),
    parent: Number(parent),
    group: Number(group),
    zombie: state.startsWith('Z'),
    stopped: state.startsWith('T'),
    cpuMs: seconds * 1000,
    startTime,
    memory: Number(memory) * 1024,
  }
}
