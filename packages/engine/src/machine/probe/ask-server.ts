import { connect } from 'node:net'
import type { ProbeResult } from '../../supervisor/probe-track.ts'

/**
 * Asks PostgreSQL whether it lets anyone in: a StartupMessage (protocol 3.0), as pg_isready sends it. A request for a
 * password is a yes, as is any refusal but 57P03, "the database system is starting up".
 */
export function askPostgres(host: string, port: number, timeout: number): Promise<ProbeResult> {
  const words = Buffer.from('user\0seaworthy-probe\0database\0postgres\0\0')
  const message = Buffer.alloc(8 + words.length)
  message.writeInt32BE(message.length, 0)
  message.writeInt32BE(196_608, 4)
  words.copy(message, 8)
  return converse(host, port, timeout, message, (answer) => {
    if (answer[0] === 0x45 && answer.includes('57P03'))
      return { ok: false, silent: false, detail: 'the database is starting up' }
    return { ok: true }
  })
}

/** Asks Redis for a PONG; being refused for want of a password is a yes, `LOADING` is a no. */
export function askRedis(host: string, port: number, timeout: number): Promise<ProbeResult> {
  return converse(host, port, timeout, Buffer.from('PING\r\n'), (answer) => {
    const text = answer.toString('latin1')
    return text.startsWith('-LOADING')
      ? { ok: false, silent: false, detail: 'the data are being loaded' }
      : { ok: true }
  })
}

function converse(
  host: string,
  port: number,
  timeout: number,
  message: Buffer,
  judge: (answer: Buffer) => ProbeResult,
): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const settle = (result: ProbeResult): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(result)
    }
    const late: ProbeResult = { ok: false, silent: true, detail: `port ${port} did not answer within ${timeout} ms` }
    const timer = setTimeout(() => settle(late), timeout)
    socket.on('connect', () => socket.write(message))
    socket.on('data', (answer) => settle(judge(answer)))
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'ECONNREFUSED' ? 'nothing listens there yet' : error.message
      settle({ ok: false, silent: false, detail: `port ${port}: ${why}` })
    })
    socket.on('end', () => settle({ ok: false, silent: false, detail: `port ${port}: the connection was closed` }))
  })
}
