import type { ProblemCode } from '@seaworthy/model'

/** Every code the gateway reports to its operators; what clients see is RFC 9457 problem+json with an HTTP status instead. */
export const gatewayProblems: readonly ProblemCode[] = [
  {
    code: 'SW2001',
    title: 'snapshot refused',
    meaning: 'The routing snapshot contradicts itself or names what does not exist; the one in force stays in force.',
  },
  {
    code: 'SW2002',
    title: 'snapshot is not newer',
    meaning: 'A snapshot must carry a higher version than the one in force; read `status` and number on from there.',
  },
  {
    code: 'SW2003',
    title: 'address cannot be bound',
    meaning: 'Another program listens there, or the port needs a privilege. Free the port or choose another listener.',
  },
  {
    code: 'SW2004',
    title: 'certificate unreadable',
    meaning:
      'A certificate or key file is missing, malformed or does not fit its partner; the loaded ones stay in force.',
  },
  {
    code: 'SW2005',
    title: 'no gateway here',
    meaning: 'Nothing answers on the control socket of this state directory; start a gateway there first.',
  },
  {
    code: 'SW2006',
    title: 'gateway did not become ready',
    meaning: 'The gateway process ended or did not answer in time; its own log file in the state directory says why.',
  },
  {
    code: 'SW2007',
    title: 'control request failed',
    meaning: 'The gateway answered the control request with an error; the message repeats it.',
  },
  {
    code: 'SW2008',
    title: 'address malformed',
    meaning: 'An endpoint address is `host:port`, `[v6]:port` or `unix:/absolute/path`.',
  },
]

/** The code of a row of {@link gatewayProblems}, checked at the call. */
export type GatewayProblemCode = 'SW2001' | 'SW2002' | 'SW2003' | 'SW2004' | 'SW2005' | 'SW2006' | 'SW2007' | 'SW2008'
