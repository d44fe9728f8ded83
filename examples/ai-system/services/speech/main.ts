/** Says when somebody speaks in a recording. */
import { Refusal, startGroup } from '../shared/app.ts'
import { createVoiceActivityDetector } from './voice-activity.ts'

const detect = await createVoiceActivityDetector()

await startGroup((app, metrics) => {
  const inferences = metrics.counter('inferences', 'Recordings heard')

  app.post('/segments', async (context) => {
    const bytes = await context.req.arrayBuffer()
    if (bytes.byteLength === 0 || bytes.byteLength % 2 === 1)
      throw new Refusal(415, 'the body must be 16-bit mono PCM at 16 kHz')
    inferences.add()
    const pcm = new Int16Array(bytes)
    return context.json({ seconds: pcm.length / 16_000, segments: detect(pcm) })
  })
})
