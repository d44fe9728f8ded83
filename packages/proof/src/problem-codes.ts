import type { ProblemCode } from '@seaworthy/model'

/** The problems that this package reports. */
export const proofProblems: readonly ProblemCode[] = Object.freeze([
  {
    code: 'SW8001',
    title: 'Arrivals that cannot be',
    meaning: 'A rate or duration of a load is negative or no number. Rates are requests/s, durations seconds.',
  },
  {
    code: 'SW8002',
    title: 'Recorded trace out of order',
    meaning: 'The times of a recorded trace must rise from 0 s on. Sort them and subtract the first.',
  },
  {
    code: 'SW8003',
    title: 'Target that cannot be read',
    meaning:
      'A load target is http://host:port, https://host:port or unix:/path.sock, with an optional path behind http and https.',
  },
  {
    code: 'SW8004',
    title: 'Request that cannot be sent',
    meaning: 'A method, path or header holds a character that HTTP/1.1 does not allow there.',
  },
])
