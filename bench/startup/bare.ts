import { type ChildProcess, spawn } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { program, repository, wanted } from './fleet.ts'

/**
 * Spawns the programs as a careful shell script would: each as soon as what it needs answers its readiness, asked
 * every 20 ms. No supervisor, no gateway, no limits, no logs. Returns the ms until the last one is ready.
 */
export async function bareStartup(): Promise<number> {
  const ports = await freePorts(wanted().length)
  const children: ChildProcess[] = []
  const began = performance.now()
  const ready = new Map<string, Promise<void>>()
  try {
    for (const [index, { name, needs }] of wanted().entries()) {
      const start = async (): Promise<void> => {
        await Promise.all(needs.map((need) => ready.get(need)))
        const port = ports[index] ?? 0
        const [file = '', ...args] = program
        children.push(
          spawn(file, args, {
            cwd: repository,
            env: { PATH: process.env.PATH, PORT: String(port) },
            stdio: 'ignore',
            detached: true,
          }),
        )
        await answers(port)
      }
      ready.set(name, start())
    }
    await Promise.all(ready.values())
    return performance.now() - began
  } finally {
    for (const child of children) if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    await Promise.all(
      children.map(
        (child) =>
          new Promise((done) =>
            child.exitCode === null && child.signalCode === null ? child.once('exit', done) : done(undefined),
          ),
      ),
    )
  }
}

async function answers(port: number): Promise<void> {
  for (;;) {
    const ok = await fetch(`http://127.0.0.1:${port}/health/ready`).then(
      (answer) => answer.ok,
      () => false,
    )
    if (ok) return
    await new Promise((next) => setTimeout(next, 20))
  }
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1')
      await new Promise((done) => server.once('listening', done))
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))))
  return ports
}
