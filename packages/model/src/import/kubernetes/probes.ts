import { printDuration } from '../../units/duration.ts'
import { writeCommand } from '../command-words.ts'
import type { Notes } from '../note.ts'
import type { Section } from '../section.ts'
import { textOf } from '../yaml/tree.ts'

/** The probes of a container in the catalog's terms; `ports` gives the number of a named port. */
export function readProbes(
  container: Section,
  own: number | undefined,
  ports: ReadonlyMap<string, number>,
  notes: Notes,
): unknown {
  const probe = (key: string): unknown => {
    const section = container.section(key)
    return section && readProbe(section, own, ports, key, notes)
  }
  const live = probe('livenessProbe')
  const ready = probe('readinessProbe')
  const startup = probe('startupProbe')
  if (live === undefined && ready === undefined && startup === undefined) return undefined
  if (live === undefined && startup === undefined && typeof ready === 'string') return ready
  return {
    ...(live !== undefined && { live }),
    ...(ready !== undefined && { ready }),
    ...(startup !== undefined && { startup }),
  }
}

function readProbe(
  section: Section,
  own: number | undefined,
  ports: ReadonlyMap<string, number>,
  key: string,
  notes: Notes,
): unknown {
  const question = readQuestion(section, own, ports, notes)
  const count = (name: string): number | undefined => {
    const value = Number(section.text(name))
    return Number.isInteger(value) && value > 0 ? value : undefined
  }
  const every = count('periodSeconds') ?? 10
  const timeout = count('timeoutSeconds')
  const failures = count('failureThreshold')
  const successes = count('successThreshold')
  const delay = count('initialDelaySeconds')
  section.close(
    notes,
    {
      terminationGracePeriodSeconds: {
        kind: 'lost',
        what: 'a probe has no grace of its own',
        instead: 'Use `stop.grace`.',
      },
    },
    'Kubernetes API as it is read here',
  )
  if (!question) return undefined
  const within = timeout === undefined || timeout < every ? timeout : Math.max(1, every - 1)
  if (timeout !== undefined && timeout >= every)
    notes.changed(
      section.at,
      section.path,
      `an answer must come before the next question: ${within}s, not ${timeout}s`,
      `Correct \`health.${key.replace('Probe', '')}\`.`,
    )
  const timings = {
    ...(every !== 10 && { every: printDuration(every * 1000) }),
    ...(within !== undefined && within !== 2 && within < every && { timeout: printDuration(within * 1000) }),
    ...(every === 1 && (within === undefined || within >= every) && { timeout: '500ms' }),
    ...(every === 2 && within === undefined && { timeout: '1s' }),
    ...(failures !== undefined && failures !== 3 && { failures: Math.min(1000, failures) }),
    ...(successes !== undefined && successes !== 1 && { successes: Math.min(100, successes) }),
    ...(delay !== undefined && { delay: printDuration(delay * 1000) }),
  }
  return 'http' in question && Object.keys(timings).length === 0 ? question.http : { ...question, ...timings }
}

function readQuestion(
  section: Section,
  own: number | undefined,
  ports: ReadonlyMap<string, number>,
  notes: Notes,
): Record<string, unknown> | undefined {
  const http = section.section('httpGet')
  const tcp = section.section('tcpSocket')
  const exec = section.section('exec')
  const number = (written: string | undefined): number | undefined =>
    written === undefined ? own : (ports.get(written) ?? (Number(written) || undefined))
  if (http) {
    const path = http.text('path') ?? '/'
    const port = number(http.text('port'))
    const scheme = http.text('scheme')
    http.take('host')
    if (http.has('httpHeaders'))
      notes.lost(
        http.placeOf('httpHeaders'),
        `${http.path}.httpHeaders`,
        'a probe sends no headers of its own',
        'Let the path answer without them.',
      )
    http.take('httpHeaders')
    http.close(notes, {}, 'Kubernetes API as it is read here')
    if (scheme?.toUpperCase() === 'HTTPS') {
      notes.changed(
        http.at,
        http.path,
        'a probe over HTTPS asks only whether the port accepts',
        'Answer probes in plain HTTP.',
      )
      return port === undefined ? undefined : { tcp: port }
    }
    if (port !== undefined && own !== undefined && port !== own) {
      notes.changed(
        http.at,
        http.path,
        `${path} was asked on port ${port}; probes ask the service’s own port, so only whether that port accepts is asked`,
        'Answer the path on the service’s own port.',
      )
      return { tcp: port }
    }
    return { http: path.startsWith('/') ? path : `/${path}` }
  }
  if (tcp) {
    const port = number(tcp.text('port'))
    tcp.take('host')
    tcp.close(notes, {}, 'Kubernetes API as it is read here')
    return port === undefined ? undefined : { tcp: port }
  }
  if (exec) {
    const words = exec.items('command').map((item) => textOf(item) ?? '')
    return words.length === 0 ? undefined : { exec: writeCommand(words) }
  }
  const grpc = section.section('grpc')
  if (grpc) {
    const port = number(grpc.text('port'))
    notes.changed(
      grpc.at,
      grpc.path,
      'gRPC health is asked as whether the port accepts',
      'Answer health over HTTP too.',
    )
    return port === undefined ? undefined : { tcp: port }
  }
  return undefined
}
