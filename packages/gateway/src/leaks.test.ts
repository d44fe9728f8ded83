import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { rawOrigin } from '../testing/origins.ts'
import { oneOf, seeded } from '../testing/random.ts'
import { rawClient } from '../testing/raw-client.ts'
import { eventually, serve } from '../testing/served.ts'
import { snapshot } from '../testing/snapshots.ts'
import type { EngineKind } from './core/engine.ts'

const descriptors = (): number => readdirSync('/proc/self/fd').length
const isLinux = process.platform === 'linux'

describe.each<EngineKind>(['own', 'node-http'])('after a storm through the %s engine', (engine) => {
  test.skipIf(!isLinux)('nothing is left: no request, no connection, no descriptor', async () => {
    const random = seeded(7)
    const before = descriptors()
    {
      await using origin = await rawOrigin((socket) => {
        socket.on('data', () => {
          const mood = random()
          if (mood < 0.1) socket.destroy()
          else if (mood < 0.2) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf', () => socket.destroy())
          else if (mood < 0.25) socket.write('garbage\r\n')
          else if (mood < 0.3) return
          else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
        })
      })
      await using served = await serve(snapshot([origin.address], { route: { timeoutMs: 200 } }), { engine })
      const requests = [
        'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
        'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
        'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc',
        'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
        'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300\r\n\r\nnever complete',
        'GET / HTTP/1.1\r\nHost: a\r\nX: not comple',
        'nonsense\r\n\r\n',
      ]
      const clients = Array.from({ length: 300 }, async () => {
        using client = await rawClient(served.port)
        client.send(oneOf(random, requests))
        if (random() < 0.7)
          await client
            .answer()
            .catch(() => undefined)
            .then(() => undefined)
      })
      // Those that wait for the answer to an incomplete head are not waited for.
      await Promise.race([Promise.all(clients), new Promise((resolve) => setTimeout(resolve, 2_000))])
      await eventually(() => served.gateway.plane.inFlight.size === 0, 'no request is in flight')
      expect(served.gateway.loads()).toMatchObject([{ inFlight: 0, streams: 0 }])
      expect(served.gateway.plane.held()).toBe(0)
      await served.gateway.stop()
      await Promise.allSettled(clients)
    }
    await eventually(() => descriptors() <= before, 'all descriptors are closed')
  })
})
