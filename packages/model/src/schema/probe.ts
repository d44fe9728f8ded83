import {
  choice,
  duration,
  either,
  integer,
  list,
  type Node,
  type ObjectNode,
  object,
  pattern,
  short,
  span,
  text,
} from './node.ts'

const path = pattern('^/', '/health/ready')

/** One question put to a replica again and again; exactly one of `http`, `tcp`, `exec`. */
export const probe: ObjectNode = object(
  'Probe',
  'One question put to a replica again and again; exactly one of `http`, `tcp`, `exec`.',
  {
    http: { type: path, doc: 'Path that answers 2xx or 3xx when all is well.' },
    tcp: { type: integer(1, 65535), doc: 'Port that accepts a connection.' },
    exec: { type: either(text, list(text)), doc: 'Command that exits 0 when all is well.' },
    every: { type: span, doc: 'Time between two probes.', default: '10s' },
    timeout: { type: span, doc: 'An answer later than this is a failure.', default: '2s' },
    failures: { type: integer(1, 1000), doc: 'Failures in a row that turn the answer to no.', default: 3 },
    successes: { type: integer(1, 100), doc: 'Successes in a row that turn the answer to yes.', default: 1 },
    delay: { type: duration, doc: 'Wait before the first probe.', default: '0s' },
  },
)

const probeOrPath = short(path, 'http', probe)

/** How a replica says how it is. */
export const health: ObjectNode = object('Health', 'How a replica says how it is.', {
  live: { type: probeOrPath, doc: 'Says no: the replica is restarted. It must not look at dependencies.' },
  ready: { type: probeOrPath, doc: 'Says no: the replica gets no traffic.' },
  startup: { type: probeOrPath, doc: 'Holds the other two off until it has said yes once.' },
})

/** How a replica ends: out of rotation, signal, drain, kill. */
export const healthOrPath: Node = short(path, 'ready', health)

/** How a replica ends: out of rotation, signal, drain, kill. */
export const stop: ObjectNode = object('Stop', 'How a replica ends: out of rotation, signal, drain, kill.', {
  signal: {
    type: choice('SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'),
    doc: 'Signal that asks the process group to finish.',
    default: 'SIGTERM',
  },
  drain: { type: duration, doc: 'Time for requests in flight to end.', default: '20s' },
  grace: { type: duration, doc: 'Time from the signal to SIGKILL; not below `drain`.', default: '30s' },
  command: { type: either(text, list(text)), doc: 'Command run before the signal is sent.' },
})

/** The same with its short form. */
export const stopOrDrain: Node = short(duration, 'drain', stop)
