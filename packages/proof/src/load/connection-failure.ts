import type { FailureKind } from './outcome.ts'

/** How far an exchange had come when its connection failed. */
export type Stage = 'connecting' | 'waiting' | 'answering'

/** What a socket error means for the exchange that it ended. */
export function classifyError(error: NodeJS.ErrnoException, stage: Stage): FailureKind {
  // With several addresses for a name, Node reports one error that holds those of all attempts.
  const first = error instanceof AggregateError ? (error.errors[0] as NodeJS.ErrnoException | undefined) : undefined
  const code = error.code ?? first?.code ?? ''
  switch (code) {
    case 'EMFILE':
    case 'ENFILE':
    case 'EADDRNOTAVAIL':
    case 'ENOBUFS':
    case 'ENOMEM':
      return 'local limit'
    case 'ECONNREFUSED':
    case 'ENOENT':
    case 'EAGAIN': // A unix socket whose queue of waiting connections is full.
      return 'refused'
    case 'ETIMEDOUT':
      return stage === 'connecting'
        ? 'unreachable'
        : stage === 'waiting'
          ? 'reset before answer'
          : 'reset during answer'
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'unreachable'
    default:
      break
  }
  if (stage === 'connecting' && isTls(code, error.message)) return 'tls'
  return stage === 'answering' ? 'reset during answer' : 'reset before answer'
}

function isTls(code: string, message: string): boolean {
  return /^ERR_(SSL|TLS)|CERT|SELF_SIGNED|UNABLE_TO|EPROTO/.test(code) || /TLS|certificate/i.test(message)
}
