/** Draws a picture from a text: its letters seed waves of colour; the answer is a JPEG. */
import jpeg from 'jpeg-js'
import { bodyOf, Refusal, startGroup, textOf } from '../shared/app.ts'
import { embed } from '../shared/lexical-vector.ts'

/** A picture of waves whose frequencies and phases come from the text's embedding; the same text gives the same picture. */
function draw(text: string, size: number): Uint8Array {
  const seed = embed(text)
  const wave = (i: number): { fx: number; fy: number; phase: number } => ({
    fx: 1 + 8 * Math.abs(seed[i] ?? 0),
    fy: 1 + 8 * Math.abs(seed[i + 128] ?? 0),
    phase: 6.283 * (seed[i + 256] ?? 0),
  })
  const data = new Uint8Array(size * size * 4)
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      for (let channel = 0; channel < 4; channel++) {
        let value = 0
        for (let i = channel; i < 24; i += 3) {
          const { fx, fy, phase } = wave(i)
          value += Math.sin((x / size) * fx * 6.283 + phase) * Math.cos((y / size) * fy * 6.283 - phase)
        }
        data[(y * size + x) * 4 + channel] = channel === 3 ? 255 : 128 + 40 * value
      }
    }
  }
  return jpeg.encode({ data, width: size, height: size }, 80).data
}

await startGroup((app, metrics) => {
  const inferences = metrics.counter('inferences', 'Pictures drawn')
  app.post('/dream', async (context) => {
    const body = await bodyOf(context.req)
    const size = body.size ?? 128
    if (!Number.isInteger(size) || (size as number) < 16 || (size as number) > 512)
      throw new Refusal(422, '`size` must be a whole number from 16 to 512')
    inferences.add()
    return context.body(new Uint8Array(draw(textOf(body, 'text'), size as number)), 200, {
      'content-type': 'image/jpeg',
    })
  })
})
