import type { ProblemCode } from '@seaworthy/model'

/** Codes of the verdict. */
export const verdictProblems: readonly ProblemCode[] = [
  {
    code: 'SW7901',
    title: 'decision rule contradicts itself',
    meaning:
      'A probability, ratio, weight or time of the rule is out of its range. The rule is refused before the first request is routed.',
  },
  {
    code: 'SW7902',
    title: 'counts do not fit the rule',
    meaning:
      'A batch names a metric that the rule does not have, or a count is negative. Metrics are fixed before the first request.',
  },
  {
    code: 'SW7903',
    title: 'replay differs',
    meaning:
      'The stored counts do not lead to the stored decisions: the evidence was altered, or another version of the rule made it.',
  },
  {
    code: 'SW7904',
    title: 'no further step',
    meaning:
      'The release stands at its last step already; promotion of the last step is the strategy’s, not the verdict’s.',
  },
]
