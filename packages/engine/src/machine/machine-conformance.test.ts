import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { engineConformance } from '../conformance/engine-conformance.ts'
import type { Rig } from '../conformance/rig.ts'
import type { MachineEngine } from './engine/machine-engine.ts'
import { startMachineEngine } from './engine/start-machine-engine.ts'
import { InProcessGateway } from './testing/in-process-gateway.ts'

const root = resolve(import.meta.dirname, '../../../..')

engineConformance('the machine engine', async (): Promise<Rig> => {
  const stateDir = mkdtempSync(join(tmpdir(), 'seaworthy-conformance-'))
  const gateway = new InProcessGateway()
  const start = (): Promise<MachineEngine> => startMachineEngine({ stateDir, root, gateway })
  let engine = await start()
  return {
    get engine() {
      return engine
    },
    program: { run: [process.execPath, join(root, 'test/fixtures/service.ts')] },
    script: (code) => ({ run: [process.execPath, '-e', code] }),
    successor: async () => {
      await engine[Symbol.asyncDispose]()
      engine = await start()
      return engine
    },
    kill: async (replica) => {
      const pid = (await engine.state()).replicas.find((each) => each.replica === replica)?.pid
      if (pid !== undefined) process.kill(pid, 'SIGKILL')
    },
    [Symbol.asyncDispose]: async () => {
      for await (const _ of engine.down({ force: true }));
      await engine[Symbol.asyncDispose]()
      await gateway[Symbol.asyncDispose]()
      rmSync(stateDir, { recursive: true, force: true })
    },
  }
})
