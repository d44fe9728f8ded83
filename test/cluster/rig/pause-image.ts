import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { buildImage, executableNeeds } from '@seaworthy/engine'
import { pauseImage } from '../node/node-files.ts'

/** Writes the archive of the image in which every pod's sandbox runs: one static program, without root. */
export async function writePauseImage(program: string, archive: string): Promise<void> {
  const { architecture } = await executableNeeds(program)
  const image = await buildImage({
    reference: pauseImage,
    architecture,
    compression: 'none',
    layers: [
      {
        note: 'pause',
        files: [{ kind: 'file', path: '/pause', mode: 0o755, source: { kind: 'file', path: program } }],
      },
    ],
    run: { user: '65535:65535', entrypoint: ['/pause'] },
  })
  await mkdir(dirname(archive), { recursive: true })
  await image.write(archive, 'oci-archive')
}
