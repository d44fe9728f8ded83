/** Looks at JPEG pictures: features, and whether a picture like it has been seen before. */
import jpeg from 'jpeg-js'
import { Refusal, startGroup } from '../shared/app.ts'
import { openStore } from '../shared/store.ts'
import { featuresOf, hashDistance } from './features.ts'

const store = openStore(
  'vision',
  'create table if not exists picture (id integer primary key, hash text not null, at text not null)',
)
const insert = store.prepare('insert into picture (hash, at) values (?, ?)')

await startGroup(
  (app, metrics) => {
    const inferences = metrics.counter('inferences', 'Pictures seen')

    app.post('/look', async (context) => {
      const bytes = new Uint8Array(await context.req.arrayBuffer())
      if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw new Refusal(415, 'the body must be a JPEG picture')
      const picture = jpeg.decode(bytes, { useTArray: true, maxMemoryUsageInMB: 64, maxResolutionInMP: 8 })
      const features = featuresOf(picture)
      const known = (store.prepare('select id, hash from picture').all() as { id: number; hash: string }[])
        .map((row) => ({ id: row.id, distance: hashDistance(row.hash, features.hash) }))
        .filter((row) => row.distance <= 6)
        .sort((a, b) => a.distance - b.distance)[0]
      const { lastInsertRowid } = insert.run(features.hash, new Date().toISOString())
      inferences.add()
      return context.json({ id: Number(lastInsertRowid), ...features, ...(known && { seenBefore: known }) })
    })
  },
  { stop: () => store.close() },
)
