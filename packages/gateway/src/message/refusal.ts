/** The name of a row of {@link refusals}; the last part of the problem's `type`. */
export type RefusalName =
  | 'bad-request-line'
  | 'bad-version'
  | 'unknown-method'
  | 'bad-target'
  | 'target-too-long'
  | 'path-not-canonical'
  | 'bad-header'
  | 'head-too-large'
  | 'no-host'
  | 'two-hosts'
  | 'bad-host'
  | 'host-mismatch'
  | 'bad-content-length'
  | 'bad-transfer-encoding'
  | 'length-and-encoding'
  | 'bad-connection'
  | 'bad-expectation'
  | 'bad-chunk'
  | 'body-too-large'
  | 'request-timeout'
  | 'no-route'
  | 'method-not-allowed'
  | 'misdirected'
  | 'unavailable'
  | 'hold-full'
  | 'overloaded'
  | 'upstream-reset'
  | 'upstream-malformed'
  | 'upstream-timeout'

/** Why the gateway itself answers a request, with the status and the title that the client gets (RFC 9457). */
export const refusals: Readonly<Record<RefusalName, readonly [status: number, title: string]>> = {
  'bad-request-line': [400, 'The request line is malformed'],
  'bad-version': [505, 'This HTTP version is not spoken here'],
  'unknown-method': [501, 'This method is not known'],
  'bad-target': [400, 'The request target is malformed'],
  'target-too-long': [414, 'The request target is too long'],
  'path-not-canonical': [400, 'The path can be read in more than one way'],
  'bad-header': [400, 'A header field is malformed'],
  'head-too-large': [431, 'The header section is too large'],
  'no-host': [400, 'Exactly one Host is required'],
  'two-hosts': [400, 'Exactly one Host is required'],
  'bad-host': [400, 'The Host is malformed'],
  'host-mismatch': [400, 'The request target and the Host disagree'],
  'bad-content-length': [400, 'The Content-Length is malformed, repeated or out of place'],
  'bad-transfer-encoding': [400, 'The only transfer coding accepted is one "chunked"'],
  'length-and-encoding': [400, 'Content-Length and Transfer-Encoding exclude each other'],
  'bad-connection': [400, 'The Connection field names a field that may not be removed'],
  'bad-expectation': [417, 'The only expectation accepted is 100-continue'],
  'bad-chunk': [400, 'The chunked body is malformed'],
  'body-too-large': [413, 'The request body is too large'],
  'request-timeout': [408, 'The request did not arrive in time'],
  'no-route': [404, 'Nothing is served here'],
  'method-not-allowed': [405, 'This method is not served here'],
  misdirected: [421, 'This connection was made for another server name'],
  unavailable: [503, 'No replica is ready'],
  'hold-full': [503, 'No replica is ready and the queue is full'],
  overloaded: [503, 'Every replica is at its connection limit'],
  'upstream-reset': [502, 'The replica closed the connection without an answer'],
  'upstream-malformed': [502, 'The replica answered with something that is not HTTP'],
  'upstream-timeout': [504, 'The replica did not answer in time'],
}

/** The HTTP status of a refusal. */
export function refusalStatus(name: RefusalName): number {
  return refusals[name][0]
}

/** The problem+json body that a client gets; `detail` must not repeat what the client sent. */
export function refusalBody(name: RefusalName, requestId: string, detail?: string): string {
  const [status, title] = refusals[name]
  return JSON.stringify({
    type: `urn:seaworthy:gateway:${name}`,
    title,
    status,
    ...(detail === undefined ? {} : { detail }),
    ...(requestId === '' ? {} : { requestId }),
  })
}
