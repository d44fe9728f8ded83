import { Problem } from '@seaworthy/model'

/** What the API server says of a request that it refuses. */
export interface Status {
  readonly code: number
  readonly reason?: string
  readonly message?: string
  readonly details?: {
    readonly name?: string
    readonly kind?: string
    readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[]
  }
}

/** The API server refused: a Problem that says what, and what a person can do about it. */
export class ApiFailure extends Problem {
  readonly status: number
  readonly reason: string

  constructor(status: Status, path: string) {
    super(explained(status, path))
    this.status = status.code
    this.reason = status.reason ?? ''
  }
}

function explained(status: Status, path: string): { code: string; message: string; hint: string } {
  const said = status.message ?? `status ${status.code}`
  if (status.code === 409 && status.details?.causes?.some((cause) => cause.reason === 'FieldManagerConflict')) {
    const owners = status.details.causes.map(
      (cause) => `${cause.field ?? ''} (${/"([^"]+)"/.exec(cause.message ?? '')?.[1] ?? 'somebody'})`,
    )
    return {
      code: 'SW4041',
      message: `Fields of ${status.details.kind ?? 'an object'} ${status.details.name ?? ''} belong to others: ${owners.join(', ')}.`,
      hint: 'Let them go there (for instance an autoscaler’s `replicas`), or take them with --force-conflicts.',
    }
  }
  if (status.code === 409)
    return { code: 'SW4042', message: `Somebody else changed it at the same time: ${said}.`, hint: 'Say it again.' }
  if (status.code === 403 && /exceeded quota/.test(said))
    return {
      code: 'SW4045',
      message: `A quota is exceeded: ${said}.`,
      hint: 'Ask for less, or raise the environment’s `quota`.',
    }
  if (status.code === 403)
    return {
      code: 'SW4044',
      message: `Not allowed: ${said}.`,
      hint: 'Give the account the rendered roles: `seaworthy render access`.',
    }
  if (status.code === 401)
    return {
      code: 'SW4044',
      message: 'The API server does not know who asks.',
      hint: 'The token or certificate of the kubeconfig has expired or is wrong.',
    }
  if (status.code === 422 || status.code === 400)
    return {
      code: 'SW4046',
      message: `The API server refuses the object: ${said}.`,
      hint: 'If the catalog’s `kubernetes` patches did not cause it, please report it.',
    }
  return {
    code: 'SW4047',
    message: `${path} answered ${status.code}: ${said}.`,
    hint: 'Try again; `kubectl get --raw /readyz?verbose` says how the server is.',
  }
}
