import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { clusterProblem } from '../problem-codes.ts'

/**
 * Does `work` while holding the lock on a file; others wait for it, in this process or another. The kernel holds the lock
 * for a child that lives as long as our end of its pipe, so a killed holder frees it at once. Throws SWC001.
 */
export async function withLock<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  mkdirSync(dirname(path), { recursive: true })
  const holder = spawn('flock', [path, 'sh', '-c', 'echo held; exec cat > /dev/null'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const ended = new Promise<void>((resolve) => {
    holder.on('close', () => resolve())
    holder.on('error', () => resolve())
  })
  const held = await Promise.race([
    new Promise<true>((resolve) => holder.stdout.once('data', () => resolve(true))),
    ended.then(() => false as const),
  ])
  if (!held) throw clusterProblem({ code: 'SWC001', message: `flock could not take the lock ${path}.` })
  try {
    return await work()
  } finally {
    holder.stdin.end()
    await ended
  }
}
