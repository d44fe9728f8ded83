/** What is known of one card. */
export interface Card {
  readonly repetitions: number
  /** Days until it is shown again. */
  readonly interval: number
  readonly easiness: number
}

/** The next state of a card after an answer of quality 0 (blank) to 5 (perfect): SM-2 (Wozniak 1990). */
export function review(card: Card, quality: number): Card {
  const easiness = Math.max(1.3, card.easiness + 0.1 - (5 - quality) * (0.08 + (5 - quality) * 0.02))
  if (quality < 3) return { repetitions: 0, interval: 1, easiness }
  const interval = card.repetitions === 0 ? 1 : card.repetitions === 1 ? 6 : Math.round(card.interval * easiness)
  return { repetitions: card.repetitions + 1, interval, easiness }
}
