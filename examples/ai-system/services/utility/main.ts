/** Small jobs for the other groups: digests, compression, text statistics. */
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { zstdCompress } from 'node:zlib'
import { bodyOf, startGroup, textOf } from '../shared/app.ts'

const compress = promisify<Buffer, Buffer>(zstdCompress)

await startGroup((app) => {
  app.post('/digest', async (context) =>
    context.json({
      sha256: createHash('sha256')
        .update(new Uint8Array(await context.req.arrayBuffer()))
        .digest('hex'),
    }),
  )

  app.post('/compress', async (context) => {
    const packed = await compress(Buffer.from(await context.req.arrayBuffer()))
    return context.body(new Uint8Array(packed), 200, { 'content-type': 'application/zstd' })
  })

  app.post('/statistics', async (context) => {
    const text = textOf(await bodyOf(context.req), 'text')
    const words = text.match(/\p{L}+/gu) ?? []
    return context.json({
      characters: [...text].length,
      words: words.length,
      distinct: new Set(words.map((word) => word.toLowerCase())).size,
    })
  })
})
