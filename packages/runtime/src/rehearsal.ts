import type { RequestListener } from 'node:http'

/** A fault that a version brings along on purpose, so that a release of it can be watched failing. */
export type Rehearsal =
  /** This share of requests (0..1) answers 500. */
  | { readonly kind: 'error'; readonly share: number }
  /** This share of requests (0..1) takes so many ms longer. */
  | { readonly kind: 'slow'; readonly share: number; readonly ms: number }
  /** The process ends by itself every so many requests. */
  | { readonly kind: 'crash'; readonly every: number }
  /** Each request leaves so many bytes behind. */
  | { readonly kind: 'leak'; readonly bytes: number }
  /** Requests whose path begins so answer 500. */
  | { readonly kind: 'route'; readonly path: string }
  /** After so many requests no request is answered any more. */
  | { readonly kind: 'hang'; readonly after: number }

/** Reads `error:0.03`, `slow:0.05:300`, `crash:200`, `leak:100000`, `route:/v1/audit`, `hang:500`. Throws on anything else. */
export function parseRehearsal(text: string): Rehearsal {
  const [kind, first = '', second = ''] = text.split(':')
  const number = Number(first)
  switch (kind) {
    case 'error':
      if (number > 0 && number <= 1) return { kind, share: number }
      break
    case 'slow':
      if (number > 0 && number <= 1 && Number(second) > 0) return { kind, share: number, ms: Number(second) }
      break
    case 'crash':
      if (number >= 1) return { kind, every: number }
      break
    case 'leak':
      if (number >= 1) return { kind, bytes: number }
      break
    case 'route':
      if (first.startsWith('/')) return { kind, path: first }
      break
    case 'hang':
      if (number >= 1) return { kind, after: number }
      break
    default:
      break
  }
  throw new Error(
    `"${text}" is no rehearsal: write error:0.03, slow:0.05:300, crash:200, leak:100000, route:/path or hang:500`,
  )
}

/** Wraps a handler with a fault. Health checks are not the handler's, so they go on saying that all is well, as real bugs do. */
export function rehearse(
  handler: RequestListener,
  fault: Rehearsal,
  world: { readonly random?: () => number; readonly exit?: () => void } = {},
): RequestListener {
  const { random = Math.random, exit = () => process.exit(1) } = world
  const left: Buffer[] = []
  let requests = 0
  return (request, response) => {
    requests += 1
    const fail = (): void => void response.writeHead(500, { 'content-type': 'text/plain' }).end('rehearsed failure\n')
    switch (fault.kind) {
      case 'error':
        if (random() < fault.share) fail()
        else handler(request, response)
        return
      case 'slow':
        if (random() < fault.share) setTimeout(() => handler(request, response), fault.ms)
        else handler(request, response)
        return
      case 'crash':
        if (requests % fault.every === 0) exit()
        else handler(request, response)
        return
      case 'leak':
        left.push(Buffer.alloc(fault.bytes, 1))
        handler(request, response)
        return
      case 'route':
        if (request.url?.startsWith(fault.path)) fail()
        else handler(request, response)
        return
      case 'hang':
        if (requests <= fault.after) handler(request, response)
        return
      default:
        fault satisfies never
    }
  }
}
