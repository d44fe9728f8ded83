/** The dialogue path: memory → language → emotion, with speech and vision where the turn holds sound or a picture. */
import { createCaller } from '@seaworthy/runtime'
import { bodyOf, Refusal, startGroup, textOf } from '../shared/app.ts'

function caller(need: string): ReturnType<typeof createCaller> {
  const url = process.env[`${need}_URL`]
  if (!url) throw new Error(`${need}_URL is not set: it comes from the need in seaworthy.config.mts`)
  return createCaller(url, { timeoutMs: 2_000 })
}

const memory = caller('MEMORY')
const language = caller('LANGUAGE')
const emotion = caller('EMOTION')

async function attachment(need: 'SPEECH' | 'VISION', path: string, value: unknown): Promise<unknown> {
  if (typeof value !== 'string') return undefined
  const response = await fetch(new URL(path, process.env[`${need}_URL`]), {
    method: 'POST',
    body: Buffer.from(value, 'base64'),
    signal: AbortSignal.timeout(5_000),
  })
  if (!response.ok) throw new Refusal(422, `${need.toLowerCase()} could not use the attachment: ${response.status}`)
  return response.json()
}

await startGroup((app, metrics) => {
  const turns = metrics.counter('conversation_turns', 'Turns by outcome')

  app.post('/dialogue', async (context) => {
    const body = await bodyOf(context.req)
    const [session, text] = [textOf(body, 'session'), textOf(body, 'text')]
    try {
      const [recalled, heard, seen] = await Promise.all([
        memory.call<{ items: { text: string; score: number }[] }>('/recall', { body: { session, text } }),
        attachment('SPEECH', '/segments', body.audio),
        attachment('VISION', '/look', body.image),
      ])
      const answer = await language.call<{ reply: string; understanding: { sentiment: number } }>('/reply', {
        body: { text, memories: recalled.items },
      })
      // The mood is a comfort: a turn without it is still a turn.
      const mood = await emotion
        .call<{ mood: string }>('/mood', { body: { session, sentiment: answer.understanding.sentiment } })
        .catch(() => undefined)
      await memory.call('/memories', { body: { session, text } })
      turns.add({ outcome: 'answered' })
      return context.json({
        reply: answer.reply,
        mood: mood?.mood ?? 'unknown',
        recalled: recalled.items.length,
        ...(heard !== undefined && { heard }),
        ...(seen !== undefined && { seen }),
      })
    } catch (error) {
      turns.add({ outcome: 'failed' })
      throw error
    }
  })
})
