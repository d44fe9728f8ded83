import { type Random, render, soundDraft } from './http-draft.ts'
import { byteMutations, draftMutations } from './http-mutations.ts'
import { below, oneOf } from './random.ts'

/** A case of the differential fuzzer: some bytes that may be HTTP, and what was done to them. */
export interface FuzzCase {
  /** One character for each byte. */
  readonly text: string
  /** Names of the mutations. */
  readonly mutations: readonly string[]
}

/** The request that follows each case, by which it shows where a reader believes the case to end. */
export const sentinel = 'GET /sentinel HTTP/1.1\r\nHost: sentinel.example\r\n\r\n'

/** Makes a case: a sound request of random make with none to four mutations, mostly where framing is decided. */
export function fuzzCase(random: Random): FuzzCase {
  const draft = soundDraft(random)
  const mutations: string[] = []
  const count = oneOf(random, [0, 0, 1, 1, 1, 2, 2, 3])
  for (let i = 0; i < count; i++) {
    const [name, mutate] = oneOf(random, draftMutations)
    mutate(draft, random)
    mutations.push(name)
  }
  let text = render(draft)
  if (random() < 0.2) {
    const [name, mutate] = oneOf(random, byteMutations)
    text = mutate(text, random)
    mutations.push(name)
  }
  return { text: text + sentinel, mutations }
}

/** Cuts bytes at random places, as a network does. */
export function segments(text: string, random: Random): string[] {
  const parts: string[] = []
  const longest = oneOf(random, [1, 3, 20, 200, 100_000])
  for (let at = 0; at < text.length; ) {
    const length = 1 + below(random, longest)
    parts.push(text.slice(at, at + length))
    at += length
  }
  return parts
}
