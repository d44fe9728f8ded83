import createModule from '@echogarden/fvad-wasm'

/** A stretch of speech, in seconds from the start. */
export interface Segment {
  readonly from: number
  readonly to: number
}

const sampleRate = 16_000
const frameSamples = 480

/** Finds speech in 16-bit mono PCM at 16 kHz with WebRTC's voice activity detector (a trained Gaussian mixture model). */
export async function createVoiceActivityDetector(): Promise<(pcm: Int16Array) => Segment[]> {
  const wasm = await createModule()
  return (pcm) => {
    const detector = wasm._fvad_new()
    const buffer = wasm._malloc(frameSamples * 2)
    try {
      wasm._fvad_set_sample_rate(detector, sampleRate)
      wasm._fvad_set_mode(detector, 2)
      const segments: Segment[] = []
      let from: number | undefined
      for (let at = 0; at + frameSamples <= pcm.length; at += frameSamples) {
        wasm.HEAP16.set(pcm.subarray(at, at + frameSamples), buffer / 2)
        const speaks = wasm._fvad_process(detector, buffer, frameSamples) === 1
        if (speaks && from === undefined) from = at / sampleRate
        if (!speaks && from !== undefined) {
          segments.push({ from, to: at / sampleRate })
          from = undefined
        }
      }
      if (from !== undefined) segments.push({ from, to: pcm.length / sampleRate })
      return segments
    } finally {
      wasm._free(buffer)
      wasm._fvad_free(detector)
    }
  }
}
