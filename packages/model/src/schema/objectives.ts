import {
  choice,
  duration,
  either,
  list,
  type Node,
  type ObjectNode,
  object,
  pair,
  pattern,
  percent,
  rate,
  record,
  reference,
  short,
  text,
} from './node.ts'

/** What the service promises, over a window. */
export const slo: ObjectNode = object('Slo', 'What the service promises, over a window.', {
  availability: { type: percent, doc: 'Share of requests answered without a server error.' },
  latency: { type: record(duration), doc: 'Quantiles and their bounds, such as `p95: 500ms`.', default: {} },
  errors: { type: percent, doc: 'Share of failed requests, at most.' },
  throughput: { type: rate, doc: 'Requests that must be possible.' },
  queueAge: { type: duration, doc: 'Age of the oldest waiting message, at most.' },
  gpu: { type: pair(percent), doc: 'Band in which GPU use should lie.' },
  window: { type: duration, doc: 'Window over which it is counted.', default: '30d' },
  custom: { type: record(percent), doc: 'Shares of the service’s own good events, by name.', default: {} },
})

/** A condition that someone should know of. */
export const alert: ObjectNode = object('Alert', 'A condition that someone should know of.', {
  name: { type: text, doc: 'Name, unique in the service.', required: true },
  when: {
    type: pattern('^[a-z0-9 ._%<>=/-]+$', 'errors > 5%', 'p95 > 500ms', 'cpu > 90%', 'restarts > 3/h'),
    doc: 'Condition: a signal, a comparison and a value with its unit.',
    required: true,
  },
  for: { type: duration, doc: 'How long it must hold.', default: '5m' },
  severity: { type: choice('critical', 'warning', 'info'), doc: 'How urgent.', default: 'warning' },
  notify: { type: reference('escalation'), doc: 'Whom it reaches; the fleet’s choice for the severity when absent.' },
  runbook: { type: text, doc: 'What to do; the service’s when absent.' },
})

/** Whom to tell, and when. */
export const escalationStep: ObjectNode = object('EscalationStep', 'Whom to tell, and when.', {
  after: { type: duration, doc: 'Time without acknowledgement.', default: '0s' },
  to: {
    type: list(pattern('^(pagerduty|slack|email|webhook|dashboard|report):[^ ]+$', 'slack:#team', 'pagerduty:codai')),
    doc: 'Receivers.',
    required: true,
  },
})

/** A chain of receivers. */
export const escalation: ObjectNode = object('Escalation', 'A chain of receivers.', {
  steps: { type: list(escalationStep), doc: 'In order.', required: true },
  respond: { type: duration, doc: 'Time within which someone must react.' },
  resolve: { type: duration, doc: 'Time within which it must be over.' },
})

/** What customers were promised (SLA). */
export const agreement: ObjectNode = object('Agreement', 'What customers were promised (SLA).', {
  availability: { type: percent, doc: 'Share of time or requests.', required: true },
  respond: { type: duration, doc: 'Reaction to a critical incident.' },
  resolve: { type: duration, doc: 'End of a critical incident.' },
})

/** A warning that was read and accepted, for a while. */
export const silence: ObjectNode = object('Silence', 'A warning that was read and accepted, for a while.', {
  code: { type: pattern('^SW[0-9]{4}$', 'SW2003'), doc: 'Code of the warning.', required: true },
  reason: { type: text, doc: 'Why it is accepted.', required: true },
  until: { type: { kind: 'unit', unit: 'date' }, doc: 'Day from which it is heard again.', required: true },
})

/** Load that the service must bear. */
export const loadProfile: ObjectNode = object('LoadProfile', 'Load that the service must bear.', {
  kind: { type: choice('constant', 'ramp', 'spike', 'burst', 'sine', 'soak'), doc: 'Shape.', required: true },
  users: {
    type: either({ kind: 'integer', min: 1 }, pair({ kind: 'integer', min: 1 })),
    doc: 'Users at once, or `[from, to]`.',
  },
  rate: { type: rate, doc: 'Requests, instead of users.' },
  for: { type: duration, doc: 'How long.', required: true },
  scenario: { type: text, doc: 'Name of the request mix.' },
})

/** The same with its short form. */
export const sloOrAvailability: Node = short(percent, 'availability', slo)
