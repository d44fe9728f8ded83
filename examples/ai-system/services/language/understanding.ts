import { franc } from 'franc-min'
import model from 'wink-eng-lite-web-model'
import winkNLP from 'wink-nlp'

const nlp = winkNLP(model)
const { its } = nlp

/** What a text is about. */
export interface Understanding {
  /** ISO 639-3 code; `und` for texts too short to tell. */
  readonly language: string
  readonly kind: 'question' | 'statement' | 'greeting'
  readonly entities: readonly { readonly value: string; readonly type: string }[]
  /** Nouns and names, without doubles. */
  readonly topics: readonly string[]
  /** -1 (bad) to 1 (good). */
  readonly sentiment: number
}

/** Reads a text with a trained English model (tokens, parts of speech, entities, sentiment) and a trigram language guesser. */
export function understand(text: string): Understanding {
  const doc = nlp.readDoc(text)
  const words = doc.tokens().filter((token) => ['NOUN', 'PROPN'].includes(token.out(its.pos)))
  const greeting = /^\s*(hi|hello|hey|good (morning|evening|day))\b/i.test(text)
  const question = /\?\s*$/.test(text) || /^\s*(who|what|when|where|why|how|which|do|does|is|are|can)\b/i.test(text)
  return {
    language: franc(text),
    kind: question ? 'question' : greeting ? 'greeting' : 'statement',
    entities: doc.entities().out(its.detail) as unknown as { value: string; type: string }[],
    topics: [...new Set(words.out(its.normal) as string[])],
    sentiment: Number(doc.out(its.sentiment)),
  }
}

/** An answer from what is remembered: the memory that shares most topics with the question, or a plain reply. */
export function reply(
  text: string,
  seen: Understanding,
  memories: readonly { readonly text: string; readonly score: number }[],
): string {
  if (seen.kind === 'greeting' && seen.topics.length === 0) return 'Hello. What would you like to talk about?'
  if (seen.kind === 'question') {
    const best = memories.filter((memory) => memory.text !== text && !memory.text.trim().endsWith('?'))[0]
    return best ? `You said: "${best.text}"` : `I do not know anything about ${seen.topics.join(', ') || 'that'} yet.`
  }
  return seen.topics.length > 0 ? `Noted: ${seen.topics.join(', ')}.` : 'Noted.'
}
