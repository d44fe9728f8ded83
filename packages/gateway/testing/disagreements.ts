import { canonicalPath } from '../src/route/canonical-path.ts'
import type { Reading, Readings } from './readings.ts'

/** Fields that the gateway takes out or puts in; the others must pass unchanged. */
const ours =
  /^(?:x-forwarded-|x-request-id:|traceparent:|via: 1\.[01] seaworthy|content-length:|transfer-encoding:|expect:|connection:|te:)/

/** Where `node:http`'s reading of what we wrote differs from our own reading of what we were given; `undefined` where it does not. */
export function rewriteDisagreement(own: Readings, rewritten: Readings): string | undefined {
  if (rewritten.requests.length > own.requests.length) {
    return `we passed on ${own.requests.length} requests and node:http read ${rewritten.requests.length}`
  }
  for (const [i, mine] of own.requests.entries()) {
    const theirs = rewritten.requests[i]
    if (!mine.complete) {
      // A request that broke off may be seen, but never as a whole one, nor with bytes that were not there.
      if (theirs === undefined || (!theirs.complete && mine.body.startsWith(theirs.body))) continue
      return `a request that broke off was read as ${JSON.stringify(theirs)}`
    }
    if (theirs === undefined) return `${mine.method} ${mine.target} was not read at all`
    const found = difference(mine, theirs)
    if (found !== undefined) return found
  }
  return undefined
}

function difference(mine: Reading, theirs: Reading): string | undefined {
  if (mine.method !== theirs.method) return `method ${mine.method} became ${theirs.method}`
  if (mine.target !== theirs.target) return `target ${mine.target} became ${theirs.target}`
  if (mine.body !== theirs.body) return `body ${JSON.stringify(mine.body)} became ${JSON.stringify(theirs.body)}`
  if (!theirs.complete) return 'the body was not read to its end'
  const before = mine.fields.filter((field) => !ours.test(field))
  const after = theirs.fields.filter((field) => !ours.test(field))
  if (JSON.stringify(before) === JSON.stringify(after)) return undefined
  return `fields ${JSON.stringify(before)} became ${JSON.stringify(after)}`
}

/** Where `node:http` understands the original differently in a request that both accept; `undefined` where it does not. */
export function originalDisagreement(own: Readings, node: Readings): string | undefined {
  for (const [i, mine] of own.requests.entries()) {
    const theirs = node.requests[i]
    if (theirs === undefined) return undefined
    if (mine.method !== theirs.method) return `we read method ${mine.method}, node:http ${theirs.method}`
    if (targetPath(mine.target) !== targetPath(theirs.target))
      return `we read target ${mine.target}, node:http ${theirs.target}`
    if (mine.complete && theirs.complete && mine.body !== theirs.body) {
      return `we read body ${JSON.stringify(mine.body)}, node:http ${JSON.stringify(theirs.body)}`
    }
  }
  return undefined
}

/** The origin form of a target with its path in canonical spelling. */
function targetPath(target: string): string {
  const rest = target.replace(/^https?:\/\/[^/?#]*/i, '')
  const origin = rest.startsWith('/') || rest === '*' ? rest : `/${rest}`
  const mark = origin.indexOf('?')
  const path = mark === -1 ? origin : origin.slice(0, mark)
  return (canonicalPath(path) ?? path) + origin.slice(path.length)
}
