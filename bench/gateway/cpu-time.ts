import { readdirSync, readFileSync } from 'node:fs'

/** Nanoseconds that a process and all its descendants have spent on a CPU, from the scheduler's own statistics. */
export function cpuNanoseconds(pid: number): number {
  let sum = 0
  for (const member of family(pid)) {
    try {
      for (const task of readdirSync(`/proc/${member}/task`)) {
        sum += Number(readFileSync(`/proc/${member}/task/${task}/schedstat`, 'utf8').split(' ', 1)[0])
      }
    } catch {
      // It ended in between.
    }
  }
  return sum
}

/** The process and its descendants. */
export function family(pid: number): number[] {
  const children = new Map<number, number[]>()
  for (const entry of readdirSync('/proc')) {
    if (!/^[0-9]+$/.test(entry)) continue
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8')
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
      children.set(parent, [...(children.get(parent) ?? []), Number(entry)])
    } catch {
      // It ended in between.
    }
  }
  const all: number[] = []
  const queue = [pid]
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    all.push(next)
    queue.push(...(children.get(next) ?? []))
  }
  return all
}
