/** Counts of one word in requests that people approved and rejected. */
export interface WordCount {
  readonly word: string
  readonly approved: number
  readonly rejected: number
}

const seed: Readonly<Record<string, number>> = {
  delete: 4,
  drop: 5,
  production: 3,
  payment: 3,
  export: 2,
  password: 4,
  admin: 2,
  read: -4,
  list: -4,
  status: -3,
}

/** The words that the model looks at: lower case, at most 50, each once. */
export function wordsOf(value: unknown): string[] {
  const text = JSON.stringify(value).toLowerCase()
  return [...new Set(text.match(/[a-z]{3,}/g) ?? [])].slice(0, 50)
}

/**
 * Risk of a request, 0..1: naive Bayes over its words (Maron 1961) with Laplace smoothing, on what approvals have taught;
 * words that nobody has judged yet count by a small built-in prior.
 */
export function riskOf(words: readonly string[], counts: readonly WordCount[]): number {
  const known = new Map(counts.map((count) => [count.word, count]))
  let logOdds = -1
  for (const word of words) {
    const count = known.get(word)
    logOdds += count ? Math.log((count.rejected + 1) / (count.approved + 1)) : (seed[word] ?? 0) * 0.5
  }
  return 1 / (1 + Math.exp(-logOdds))
}
