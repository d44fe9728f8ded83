import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { executableNeeds } from './shared-libraries.ts'

const linux = process.platform === 'linux'

describe.skipIf(!linux)('the libraries of an executable', () => {
  it.each([process.execPath, '/bin/ls', '/usr/bin/tar'])('of %s are those that the loader finds', async (program) => {
    const { libraries } = await executableNeeds(program)
    const said = execFileSync('ldd', [program], { encoding: 'utf8' })
    const names = [...said.matchAll(/^\s*(?:(\S+) => \/|\/\S*\/(\S+))/gm)].map(([, linked, loader]) => linked ?? loader)
    expect(libraries.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)).sort()).toEqual(names.sort())
  })

  it('are refused for what is no executable', async () => {
    await expect(executableNeeds(import.meta.filename)).rejects.toMatchObject({ code: 'SW6704' })
    await expect(executableNeeds('/nowhere/at/all')).rejects.toMatchObject({ code: 'SW6701' })
  })

  it('are named when one of them is missing', async () => {
    const root = await mkdtemp(join(tmpdir(), 'seaworthy-elf-'))
    try {
      await writeFile(join(root, 'empty'), '')
      await expect(executableNeeds('/bin/ls', { root })).rejects.toMatchObject({
        code: 'SW6705',
        message: expect.stringMatching(/\/bin\/ls needs the library \S+\.so/),
      })
    } finally {
      await rm(root, { recursive: true })
    }
  })
})
