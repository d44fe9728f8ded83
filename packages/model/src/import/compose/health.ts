import { printDuration } from '../../units/duration.ts'
import { needsShell, splitWords } from '../command-words.ts'
import type { Notes } from '../note.ts'
import type { Section } from '../section.ts'
import { textOf } from '../yaml/tree.ts'
import { composeDuration } from './units.ts'

/** What a probe asks, as the catalog writes it. */
export type ProbeQuestion =
  | { readonly http: string; readonly port?: number }
  | { readonly tcp: number }
  | { readonly exec: string | readonly string[] }

/** A health check as it was written, in the catalog's terms. */
export interface HealthCheck {
  readonly ready: Readonly<Record<string, unknown>>
  readonly startup?: Readonly<Record<string, unknown>>
  /** Port that the check asks, where it names one. */
  readonly port?: number
  readonly question: ProbeQuestion
  /** The command that asks it. */
  readonly words: readonly string[]
}

/** Timings of a check, as Compose and Dockerfiles write them. */
export interface CheckTimings {
  readonly interval?: string | undefined
  readonly timeout?: string | undefined
  readonly retries?: string | undefined
  readonly startPeriod?: string | undefined
  readonly startInterval?: string | undefined
}

/** Reads `healthcheck`; `none` when it switches the image's own off, undefined when there is none. */
export function readHealthcheck(service: Section, notes: Notes): HealthCheck | 'none' | undefined {
  const section = service.section('healthcheck')
  if (!section) return undefined
  const test = section.take('test')
  const items = test?.kind === 'list' ? test.items.map((item) => textOf(item) ?? '') : undefined
  const disabled = section.flag('disable')
  const timings: CheckTimings = {
    interval: section.text('interval'),
    timeout: section.text('timeout'),
    retries: section.text('retries'),
    startPeriod: section.text('start_period'),
    startInterval: section.text('start_interval'),
  }
  if (timings.startInterval !== undefined && timings.startPeriod === undefined)
    notes.needless(
      section.placeOf('start_interval'),
      `${section.path}.start_interval`,
      'it only counts within a `start_period`',
    )
  section.close(notes)
  if (disabled || items?.[0] === 'NONE') return 'none'
  if (test === undefined || (items && items.length < 2)) {
    if (test === undefined)
      notes.lost(
        section.at,
        section.path,
        'it sets only the timings of a check that the image holds',
        'Write the probe under `health`.',
      )
    return undefined
  }
  const words = items?.[0] === 'CMD' ? items.slice(1) : undefined
  return healthCheck(words ?? shellCommand(items?.[1] ?? textOf(test) ?? ''), timings)
}

/** A shell command as words where it needs no shell, otherwise handed to one. */
export function shellCommand(text: string): readonly string[] {
  const endings = /\s*(\|\|\s*(exit 1|false)|>\s*\/dev\/null|2>\s*(\/dev\/null|&1))\s*$/
  let plain = text.trim()
  while (endings.test(plain)) plain = plain.replace(endings, '')
  return plain.startsWith('[') || needsShell(plain.replace(/[?~[\]]/g, ''))
    ? ['sh', '-c', text.trim()]
    : splitWords(plain)
}

/** A check in the catalog's terms: a request where the command makes one, a connection, or the command itself. */
export function healthCheck(words: readonly string[], timings: CheckTimings): HealthCheck {
  const question = questionOf(words)
  const { port, ...asked } = 'http' in question ? question : { ...question, port: undefined }
  const every = positive(timings.interval)
  const retries = Number(timings.retries ?? 3)
  const startPeriod = positive(timings.startPeriod)
  const startEvery = positive(timings.startInterval) ?? every
  // Failures while it starts do not count in Compose; here the start-up probe bears them, and the usual ones after.
  const patience = Math.ceil((startPeriod ?? 0) / (startEvery ?? defaultEvery)) + (retries >= 1 ? retries : 3)
  return {
    question,
    words,
    ready: {
      ...asked,
      ...times(every, positive(timings.timeout)),
      ...(Number.isInteger(retries) && retries >= 1 && retries !== 3 && { failures: Math.min(1000, retries) }),
    },
    ...(startPeriod !== undefined && {
      startup: {
        ...asked,
        ...times(startEvery, positive(timings.timeout)),
        ...(patience !== 3 && { failures: Math.min(mostPatience(startEvery), patience) }),
      },
    }),
    ...(port !== undefined && { port }),
  }
}

const defaultEvery = 10_000
const defaultTimeout = 2000

/** Failures within half an hour, the time that a release waits for a start. */
function mostPatience(every: number | undefined): number {
  return Math.max(1, Math.min(1000, Math.floor(1_800_000 / (every ?? defaultEvery))))
}

function positive(text: string | undefined): number | undefined {
  const milliseconds = text === undefined ? undefined : composeDuration(text)
  return milliseconds === undefined || milliseconds === 0 ? undefined : milliseconds
}

/** Period and timeout where they are not the default; an answer must come before the next question. */
function times(every: number | undefined, timeout: number | undefined): Readonly<Record<string, string>> {
  const period = every ?? defaultEvery
  const wanted = timeout ?? Math.min(defaultTimeout, period)
  const below = period > 1000 ? Math.floor((period - 1) / 1000) * 1000 : Math.floor(period / 2)
  const within = wanted < period ? wanted : below
  return {
    ...(period !== defaultEvery && { every: printDuration(period) }),
    ...(within !== defaultTimeout && { timeout: printDuration(within) }),
  }
}

function questionOf(words: readonly string[]): ProbeQuestion {
  const [program = '', ...rest] = words
  const name = program.split('/').at(-1) ?? ''
  if (name === 'curl' || name === 'wget') {
    const urls = rest.filter((word) => /^(https?:\/\/|localhost|127\.0\.0\.1)/.test(word))
    const harmless = rest.every((word) => urls.includes(word) || isPlainOption(name, word))
    const url = urls.length === 1 && harmless ? localUrl(urls[0] ?? '') : undefined
    if (url) return url
  }
  if (name === 'nc' && /^(localhost|127\.0\.0\.1)$/.test(rest.at(-2) ?? '') && /^\d+$/.test(rest.at(-1) ?? ''))
    return { tcp: Number(rest.at(-1)) }
  return { exec: rest.length === 0 ? program : writeWords(words) }
}

function writeWords(words: readonly string[]): string | readonly string[] {
  return words.every((word) => /^[\w@%+=:,./-]+$/.test(word)) ? words.join(' ') : words
}

/** Options that change what is printed or how long is waited, not what is asked. */
function isPlainOption(program: string, word: string): boolean {
  if (program === 'curl')
    return /^(-[fsSLIvqk]+|--fail|--silent|--show-error|--location|--head|-o|\/dev\/null|--max-time|--connect-timeout|-m|--retry|\d+(\.\d+)?|-4)$/.test(
      word,
    )
  return /^(-q|--quiet|-S|--spider|--no-verbose|-nv|-qO-|-O-?|-O\/dev\/null|\/dev\/null|-|--tries=\d+|-t|-T|--timeout=\d+|\d+|--no-check-certificate|-qs?)$/.test(
    word,
  )
}

function localUrl(text: string): ProbeQuestion | undefined {
  if (!URL.canParse(/^https?:/.test(text) ? text : `http://${text}`)) return undefined
  const url = new URL(/^https?:/.test(text) ? text : `http://${text}`)
  if (url.protocol !== 'http:' || !['localhost', '127.0.0.1', '[::1]', '0.0.0.0'].includes(url.hostname))
    return undefined
  return { http: `${url.pathname}${url.search}`, port: Number(url.port || 80) }
}
