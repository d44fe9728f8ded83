import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startServiceProcess } from '../service-process.ts'
import type { Subject, SubjectKind } from '../subject.ts'

/** A control: one stable service without anything between. It is paused and pestered, but loses nothing, and must come out clean. */
export const direct: SubjectKind = {
  name: 'direct',
  what: 'one stable service, reached directly, paused and pestered',
  expected: { kind: 'clean' },
  control: true,
  start: async (directory): Promise<Subject> => {
    const ledger = join(directory, 'ledger')
    const service = await startServiceProcess({ LEDGER: ledger, VERSION: 'v1' })
    return {
      url: service.url,
      ledger,
      policies: [],
      resend: 'never',
      disturbances: [
        {
          name: 'pause the service for up to 300 ms',
          run: async ({ random }) => {
            service.signal('SIGSTOP')
            await wait(random() * 300)
            service.signal('SIGCONT')
          },
        },
        {
          name: 'reset 20 foreign connections within their requests',
          run: async () => {
            for (let k = 0; k < 20; k += 1) {
              const socket = connect(service.port, '127.0.0.1', () => {
                socket.write('POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf', () =>
                  socket.resetAndDestroy(),
                )
              })
              socket.on('error', () => undefined)
            }
            await wait(20)
          },
        },
      ],
      [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
    }
  },
}
