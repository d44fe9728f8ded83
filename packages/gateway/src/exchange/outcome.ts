import type { Outcome } from '../counter-page.ts'
import { fieldOf } from '../message/fields.ts'
import type { RefusalName } from '../message/refusal.ts'

/** How a request ended for its client, from the status it got and, where the gateway itself answered, the reason. */
export function outcomeOf(status: number, refusal: RefusalName | undefined): Outcome {
  if (refusal === 'upstream-timeout') return 'timeout'
  if (refusal !== undefined && status === 503) return 'unavailable'
  return status >= 500 ? 'server-error' : status >= 400 ? 'client-error' : 'ok'
}

/** The same for gRPC, whose HTTP status is 200 whatever happens; `fields` is the block that carries `grpc-status`. */
export function grpcOutcome(fields: string): Outcome {
  const status = Number(fieldOf(fields, 'grpc-status') ?? 2)
  switch (status) {
    case 0:
      return 'ok'
    case 4:
      return 'timeout'
    case 1:
    case 3:
    case 5:
    case 6:
    case 7:
    case 8:
    case 9:
    case 10:
    case 11:
    case 16:
      return 'client-error'
    default:
      return 'server-error'
  }
}
