const small = new Set(
  'the a an and or but of to in on at for with by from is are was were be been it this that as its their his her he she they we you i not'.split(
    ' ',
  ),
)

/** The `count` sentences whose words are the most frequent in the text, in their order (Luhn 1958). */
export function summarise(text: string, count: number): string {
  const sentences =
    text
      .match(/[^.!?]+[.!?]*/g)
      ?.map((sentence) => sentence.trim())
      .filter(Boolean) ?? []
  const wordsOf = (sentence: string): string[] =>
    (sentence.toLowerCase().match(/[a-z]+/g) ?? []).filter((word) => !small.has(word))
  const frequency = new Map<string, number>()
  for (const word of wordsOf(text)) frequency.set(word, (frequency.get(word) ?? 0) + 1)
  const weight = (sentence: string): number => {
    const words = wordsOf(sentence)
    return words.length === 0 ? 0 : words.reduce((sum, word) => sum + (frequency.get(word) ?? 0), 0) / words.length
  }
  return sentences
    .map((sentence, index) => ({ sentence, index, weight: weight(sentence) }))
    .sort((a, b) => b.weight - a.weight || a.index - b.index)
    .slice(0, count)
    .sort((a, b) => a.index - b.index)
    .map(({ sentence }) => sentence)
    .join(' ')
}
