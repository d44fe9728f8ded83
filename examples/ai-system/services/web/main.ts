/** The page through which a person talks to the system. */
import { createCaller } from '@seaworthy/runtime'
import { bodyOf, startGroup } from '../shared/app.ts'
import { page } from './page.ts'

const url = process.env.COORDINATION_URL
if (!url) throw new Error('COORDINATION_URL is not set: it comes from the need in seaworthy.config.mts')
const coordination = createCaller(url, { timeoutMs: 5_000 })

await startGroup((app) => {
  app.get('/', (context) => context.html(page))
  app.post('/dialogue', async (context) =>
    context.json(await coordination.call<object>('/dialogue', { body: await bodyOf(context.req) })),
  )
})
