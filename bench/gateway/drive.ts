import { execFile } from 'node:child_process'
import type { RunningProxy } from './contenders.ts'
import { cpuNanoseconds } from './cpu-time.ts'
import { type RequestKind, wrkScript } from './requests.ts'

/** What one run of load through a proxy showed. */
export interface DriveResult {
  /** Microseconds of CPU that the proxy spent for each request. */
  readonly cpuMicros: number
  readonly perSecond: number
  readonly requests: number
  /** Answers that were not 2xx or 3xx, and socket errors. */
  readonly failures: number
}

/** Sends requests over 64 kept-alive connections for some seconds with wrk; on two cores or more it is pinned to the second. */
export async function drive(
  proxy: RunningProxy,
  kind: RequestKind,
  seconds: number,
  secure: boolean,
): Promise<DriveResult> {
  const url = `${secure ? 'https' : 'http'}://127.0.0.1:${proxy.port}${kind.path}`
  const args = ['-c', '1', 'wrk', '-t1', '-c64', `-d${seconds}s`, '-s', wrkScript(kind), url]
  const before = cpuNanoseconds(proxy.pid)
  const output = await new Promise<string>((resolve, reject) => {
    execFile('taskset', args, (error, stdout, stderr) => {
      if (error) reject(new Error(`wrk failed: ${stderr || error.message}`))
      else resolve(stdout)
    })
  })
  const cpu = cpuNanoseconds(proxy.pid) - before
  const requests = Number(/([0-9]+) requests in/.exec(output)?.[1] ?? 0)
  const bad = Number(/Non-2xx or 3xx responses: ([0-9]+)/.exec(output)?.[1] ?? 0)
  const socket = /Socket errors: connect ([0-9]+), read ([0-9]+), write ([0-9]+), timeout ([0-9]+)/.exec(output)
  const failures = bad + (socket?.slice(1).reduce((sum, count) => sum + Number(count), 0) ?? 0)
  return {
    cpuMicros: cpu / 1000 / requests,
    perSecond: Number(/Requests\/sec:\s*([0-9.]+)/.exec(output)?.[1] ?? 0),
    requests,
    failures,
  }
}
