/** Understands a text and words an answer. */
import { bodyOf, startGroup, textOf } from '../shared/app.ts'
import { reply, understand } from './understanding.ts'

await startGroup((app, metrics) => {
  const inferences = metrics.counter('inferences', 'Texts read, by kind')

  app.post('/reply', async (context) => {
    const body = await bodyOf(context.req)
    const text = textOf(body, 'text')
    const memories = Array.isArray(body.memories) ? (body.memories as { text: string; score: number }[]) : []
    const understanding = understand(text)
    inferences.add({ kind: understanding.kind })
    return context.json({ reply: reply(text, understanding, memories), understanding })
  })
})
