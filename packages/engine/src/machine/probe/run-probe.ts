import { request } from 'node:http'
import { connect } from 'node:net'
import type { ProbeResult, Question } from '../../supervisor/probe-track.ts'
import { askPostgres, askRedis } from './ask-server.ts'

/** Puts one question to a replica. Never rejects. */
export type Prober = (ask: Asked) => Promise<ProbeResult>

/** A question, whom it goes to, and how long an answer may take. */
export interface Asked {
  readonly question: Question
  /** Where the replica listens, `127.0.0.1:40123`; absent when it has no port. */
  readonly address: string | undefined
  /** ms. */
  readonly timeout: number
  /** Runs a command as the replica would; resolves with its exit code, `undefined` when it was cut off. */
  readonly exec: (command: readonly string[], timeout: number) => Promise<number | undefined>
}

/** Asks over real sockets and processes. A time-out that this process noticed far too late says nothing. */
export const systemProber: Prober = async (asked) => {
  const began = performance.now()
  const result = await put(asked)
  const late = performance.now() - began > asked.timeout * 1.5 + 100
  return result.ok === false && result.silent && late ? { ok: 'unknown' } : result
}

async function put({ question, address, timeout, exec }: Asked): Promise<ProbeResult> {
  const [host = '127.0.0.1', port = '0'] = address?.split(/:(?=\d+$)/) ?? []
  switch (question.kind) {
    case 'http':
      return ask(host, Number(port), 'GET', question.path, timeout, true)
    case 'answers':
      return ask(host, Number(port), 'OPTIONS', '*', timeout, false)
    case 'tcp':
      return knock(host, question.port || Number(port), timeout)
    case 'postgres':
      return askPostgres(host, Number(port), timeout)
    case 'redis':
      return askRedis(host, Number(port), timeout)
    case 'exec': {
      const code = await exec(question.command, timeout)
      if (code === 0) return { ok: true }
      const what = question.command.join(' ')
      if (code === undefined) return { ok: false, silent: true, detail: `\`${what}\` did not end within ${timeout} ms` }
      return { ok: false, silent: false, detail: `\`${what}\` exited ${code}` }
    }
    default:
      return question satisfies never
  }
}

function ask(
  host: string,
  port: number,
  method: string,
  path: string,
  timeout: number,
  judged: boolean,
): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const what = `${method} ${path}`
    const sent = request({
      host,
      port,
      method,
      path,
      agent: false,
      headers: { 'user-agent': 'seaworthy-probe', connection: 'close' },
    })
    const timer = setTimeout(() => {
      sent.destroy()
      resolve({ ok: false, silent: true, detail: `${what} got no answer within ${timeout} ms` })
    }, timeout)
    const settle = (result: ProbeResult): void => {
      clearTimeout(timer)
      resolve(result)
    }
    sent.on('response', (response) => {
      const status = response.statusCode ?? 0
      response.resume()
      response.on('error', () => {})
      if (!judged || (status >= 200 && status < 400)) settle({ ok: true })
      else settle({ ok: false, silent: false, detail: `${what} answered ${status}` })
    })
    sent.on('error', (error: NodeJS.ErrnoException) => {
      // Something spoke, though not as expected: that is an answer to whether it is stuck.
      const spoke = error.code?.startsWith('HPE_')
      if (!judged && spoke) settle({ ok: true })
      else settle({ ok: false, silent: false, detail: `${what}: ${explain(error)}` })
    })
    sent.end()
  })
}

function knock(host: string, port: number, timeout: number): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const settle = (result: ProbeResult): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(result)
    }
    const timer = setTimeout(
      () => settle({ ok: false, silent: true, detail: `port ${port} did not accept within ${timeout} ms` }),
      timeout,
    )
    socket.on('connect', () => settle({ ok: true }))
    socket.on('error', (error: NodeJS.ErrnoException) =>
      settle({ ok: false, silent: false, detail: `port ${port}: ${explain(error)}` }),
    )
  })
}

function explain(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ECONNREFUSED':
      return 'nothing listens there yet'
    case 'ECONNRESET':
      return 'the connection was reset'
    default:
      return error.message
  }
}
