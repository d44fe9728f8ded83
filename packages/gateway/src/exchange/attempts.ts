import type { EndpointState } from '../pool/endpoint.ts'

/** The attempts of one request so far. */
export class Attempts {
  /** Replicas that it was to be sent to. */
  count = 0
  /** Repetitions after something had been written. */
  repeated = 0
  /** Replicas that failed it. */
  readonly tried: EndpointState[] = []
  /** Whether a replica other than the first choice was needed. */
  rescued = false

  /** A replica was chosen; true when this makes the request a rescued one. `away` says that it is of another version. */
  begin(away: boolean): boolean {
    this.count++
    if (this.rescued || (!away && this.count !== 2)) return false
    this.rescued = true
    return true
  }

  failed(endpoint: EndpointState, written: boolean): void {
    if (written) this.repeated++
    this.tried.push(endpoint)
  }
}
