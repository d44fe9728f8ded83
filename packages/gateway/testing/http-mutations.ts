import type { Draft, Random } from './http-draft.ts'
import * as words from './http-words.ts'
import { below, oneOf } from './random.ts'

/** A change to a draft, with its name. */
export type DraftMutation = readonly [name: string, mutate: (draft: Draft, random: Random) => void]

/** A change to bytes, with its name. */
export type ByteMutation = readonly [name: string, mutate: (text: string, random: Random) => string]

function insert(draft: Draft, random: Random, field: string): void {
  draft.fields.splice(below(random, draft.fields.length + 1), 0, field)
}

function replaceField(draft: Draft, prefix: string, field: string): void {
  draft.fields = draft.fields.map((before) => (before.startsWith(prefix) ? field : before))
}

/** Changes to the parts of a request. */
export const draftMutations: readonly DraftMutation[] = [
  ['another transfer coding', (d, r) => insert(d, r, `Transfer-Encoding: ${oneOf(r, words.codings)}`)],
  ['another length', (d, r) => insert(d, r, `Content-Length: ${oneOf(r, words.lengths(d.body.length))}`)],
  [
    'the length replaced',
    (d, r) => replaceField(d, 'Content-L', `Content-Length:${oneOf(r, words.lengths(d.body.length))}`),
  ],
  ['the coding replaced', (d, r) => replaceField(d, 'Transfer-E', `Transfer-Encoding:${oneOf(r, words.codings)}`)],
  [
    'a strange field name',
    (d, r) => {
      const at = below(r, d.fields.length + 1)
      const field = d.fields[at]
      if (field !== undefined) d.fields[at] = field.replace(':', oneOf(r, words.colons))
    },
  ],
  [
    'a field in capitals',
    (d, r) => {
      const at = below(r, d.fields.length + 1)
      d.fields[at] = (d.fields[at] ?? 'X: y').toUpperCase()
    },
  ],
  ['another host', (d, r) => insert(d, r, oneOf(r, words.hosts))],
  [
    'no host',
    (d) => {
      d.fields = d.fields.filter((field) => !/^host/i.test(field))
    },
  ],
  ['a folded line', (d, r) => insert(d, r, oneOf(r, [' folded', '\tfolded', ' Transfer-Encoding: chunked']))],
  ['another connection', (d, r) => insert(d, r, `Connection: ${oneOf(r, words.connections)}`)],
  ['a plain field', (d, r) => insert(d, r, oneOf(r, words.fields))],
  [
    'another version',
    (d, r) => {
      d.version = oneOf(r, words.versions)
    },
  ],
  [
    'another method',
    (d, r) => {
      d.method = oneOf(r, words.strangeMethods)
    },
  ],
  [
    'another target',
    (d, r) => {
      d.target = oneOf(r, words.strangeTargets)
    },
  ],
  [
    'other separators',
    (d, r) => {
      d.separators = {
        afterMethod: oneOf(r, [' ', '  ', '\t', '\r']),
        afterTarget: oneOf(r, [' ', '  ', '\t', ' \x0b']),
        line: oneOf(r, ['\r\n', '\r\n', '\n', '\r\r\n', '\r']),
        end: oneOf(r, ['\r\n', '\n', '\r', ' \r\n', '\r\n\r\n']),
      }
    },
  ],
  [
    'a body that nobody announced',
    (d, r) => {
      d.body += oneOf(r, words.unannounced)
    },
  ],
  [
    'an empty line before',
    (d, r) => {
      d.method = oneOf(r, ['\r\n', '\n', '\r', '\r\n\r\n', ' ', '\0']) + d.method
    },
  ],
  [
    'many fields',
    (d, r) => {
      d.fields.push(...Array.from({ length: oneOf(r, [50, 99, 150]) }, (_, i) => `X-${i}: y`))
    },
  ],
]

/** Changes to the bytes of a request. */
export const byteMutations: readonly ByteMutation[] = [
  [
    'a byte put in',
    (text, r) => {
      const at = below(r, text.length + 1)
      return text.slice(0, at) + oneOf(r, words.strangeBytes) + text.slice(at)
    },
  ],
  [
    'a byte taken out',
    (text, r) => {
      const at = below(r, text.length)
      return text.slice(0, at) + text.slice(at + 1)
    },
  ],
  [
    'a byte replaced',
    (text, r) => {
      const at = below(r, text.length)
      return text.slice(0, at) + String.fromCharCode(below(r, 256)) + text.slice(at + 1)
    },
  ],
  [
    'two bytes exchanged',
    (text, r) => {
      const at = below(r, Math.max(1, text.length - 1))
      return text.slice(0, at) + text.charAt(at + 1) + text.charAt(at) + text.slice(at + 2)
    },
  ],
]
